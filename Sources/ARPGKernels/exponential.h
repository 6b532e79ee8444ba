// The polynomial of the exponential in double precision, shared by the reference and the levels: the series of exp(r) up to r^12 is
// off by 2e-16 of its value at most where |r| is at most half of ln 2.
#ifndef ARPG_EXPONENTIAL_H
#define ARPG_EXPONENTIAL_H

enum { EXPONENTIAL_DEGREE = 12 };

// From the highest power to the lowest.
static const double EXPONENTIAL_TERMS[EXPONENTIAL_DEGREE + 1] = {
    1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720,
    1.0 / 120,       1.0 / 24,       1.0 / 6,       0.5,          1.0,         1.0,
};

#endif

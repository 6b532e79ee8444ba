import ARPGTraining
import Testing

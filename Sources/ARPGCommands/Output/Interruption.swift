import ArgumentParser
import Foundation
import Synchronization

/// Ctrl-C, and the signals that end a process from outside. A command that stops at safe places says so; the first signal
/// asks it to stop at the next, the second ends the process at once, as the first does with any other command.
enum Interruption {
  /// The number of the signal that came; 0 for none.
  private static let signalNumber = Atomic<Int32>(0)
  private static let isHandled = Atomic(false)

  /// Starts to listen, also where the program that started this one had blocked the signals.
  static func listen() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        let isSecond = Interruption.signalNumber.exchange(number, ordering: .relaxed) != 0
        if isSecond || !Interruption.isHandled.load(ordering: .relaxed) { _exit(128 + number) }
      }
      sigaddset(&signals, number)
    }
    // Ctrl-\ ends the process, without the backtrace that the run-time library would print.
    signal(SIGQUIT, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Says that the command stops at safe places from here on: it calls ``check(leaving:)`` or looks at ``isRequested``.
  static func handle() { isHandled.store(true, ordering: .relaxed) }

  /// Whether the user has asked the command to stop.
  static var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// Ends the command where the user has asked for it, and says what it leaves.
  static func check(leaving outcome: String = "nothing was written") throws {
    handle()
    guard isRequested else { return }
    StandardStreams.message("\ninterrupted; \(outcome)\n")
    throw ExitCode(exitCode)
  }

  /// What shells report for a process that the signal ended.
  static var exitCode: Int32 { 128 + signalNumber.load(ordering: .relaxed) }
}

import ArgumentParser
import Foundation
import Synchronization

/// Ctrl-C: the first asks the command to stop at the next safe place, the second ends the process at once.
enum Interruption {
  private static let requested = Atomic(false)

  /// Starts to listen, also where the program that started this one had blocked the signal.
  static func listen() {
    signal(SIGINT) { _ in
      if Interruption.requested.exchange(true, ordering: .relaxed) { _exit(Interruption.exitCode) }
    }
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
  }

  /// Whether the user has asked the command to stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Ends the command where the user has asked for it, and says what it leaves.
  static func check(leaving outcome: String = "nothing was written") throws {
    guard isRequested else { return }
    FileHandle.standardError.write(Data("\ninterrupted; \(outcome)\n".utf8))
    throw ExitCode(exitCode)
  }

  /// What shells report for a process that SIGINT ended.
  static let exitCode: Int32 = 130
}

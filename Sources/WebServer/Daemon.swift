import CMicroHTTPD
import CReceive
import Glibc
import Synchronization

/// The boundary to the C library: its options, and callbacks that map its pointers to our objects.
enum Daemon {
  /// Keeps the server alive until `stop`: the library's threads can use it at any time.
  static func start(_ server: Server) -> OpaquePointer? {
    let holder = Unmanaged.passRetained(server)
    let daemon = start(holder.toOpaque(), server.options)
    if daemon == nil { holder.release() }
    return daemon
  }

  /// Closes every connection and waits for the library's threads. No connection must be suspended.
  static func stop(_ daemon: OpaquePointer, of server: Server) {
    MHD_stop_daemon(daemon)
    Unmanaged.passUnretained(server).release()
  }

  private static func start(_ me: UnsafeMutableRawPointer, _ options: ServerOptions) -> OpaquePointer? {
    // Lives as long as the process: the library can log until its last thread has ended.
    let logger = UnsafeMutablePointer<roost_logger>.allocate(capacity: 1)
    logger.initialize(to: roost_logger(line: logged, context: me))
    func option(_ option: MHD_OPTION, _ value: Int = 0, _ pointer: UnsafeMutableRawPointer? = nil) -> MHD_OptionItem {
      MHD_OptionItem(option: option, value: value, ptr_value: pointer)
    }
    var items = [
      // First, or the library's complaints about the other options are lost.
      option(.EXTERNAL_LOGGER, Int(bitPattern: roost_log_callback()), logger),
      option(.THREAD_POOL_SIZE, options.threads),
      option(.THREAD_STACK_SIZE, Threads.stackSize),
      // The limit is enforced before the library: any of its threads can have all connections.
      option(.CONNECTION_LIMIT, (options.connections + 1) * options.threads),
      // Room for the head, for a record of each header, and for the response's headers.
      option(.CONNECTION_MEMORY_LIMIT, options.headerLimit + (RequestLexer.mostHeaders + 16) * 64 + (4 << 10)),
      option(.CONNECTION_TIMEOUT, Int(options.idleTimeout.rounded(.up))),
      option(.STRICT_FOR_CLIENT, 1),
      option(.SIGPIPE_HANDLED_BY_APP, 1),
      option(.NOTIFY_COMPLETED, unsafeBitCast(completed as Completed, to: Int.self), me),
      option(.NOTIFY_CONNECTION, unsafeBitCast(connected as Connected, to: Int.self), me),
      option(.URI_LOG_CALLBACK, unsafeBitCast(began as Began, to: Int.self), me),
      option(.END),
    ]
    // Without MHD_USE_TURBO, which has no benefit here and leaks a connection when a stream fails.
    let flags =
      MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue | MHD_USE_ERROR_LOG.rawValue
      | MHD_USE_NO_LISTEN_SOCKET.rawValue
    return items.withUnsafeMutableBufferPointer { buffer -> OpaquePointer? in
      guard let base = buffer.baseAddress else { return nil }
      // The array is read during the start and not kept.
      return withVaList([Int32(bitPattern: MHD_OPTION.ARRAY.rawValue), OpaquePointer(base), Int32(bitPattern: MHD_OPTION.END.rawValue)]) {
        list in
        MHD_start_daemon_va(flags, 0, nil, nil, requested, me, list)
      }
    }
  }

  typealias Completed =
    @convention(c) (
      UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?, MHD_RequestTerminationCode
    ) -> Void
  typealias Connected =
    @convention(c) (
      UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?, MHD_ConnectionNotificationCode
    ) -> Void
  typealias Began = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer?
}

private func server(_ pointer: UnsafeMutableRawPointer?) -> Server? {
  pointer.map { Unmanaged<Server>.fromOpaque($0).takeUnretainedValue() }
}

private func logged(_ me: UnsafeMutableRawPointer?, _ text: UnsafePointer<CChar>?) {
  guard let server = server(me), let text else { return }
  let line = String(cString: text)
  // Clients that disconnect in the middle of a response are normal, especially with streams.
  if line.contains("The socket is no longer available") { return }
  server.onProblem(line.hasSuffix("\n") ? String(line.dropLast()) : line)
}

private func connected(
  _ me: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ code: MHD_ConnectionNotificationCode
) {
  guard let server = server(me), let context else { return }
  switch code {
  case .CONNECTION_NOTIFY_STARTED:
    guard let info = roost_descriptor_info(connection) else { return }
    guard let pointer = roost_watcher(info.pointee.connect_fd) else { return }
    context.pointee = pointer
    Unmanaged<Connection>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.setDeadline(after: server.options.headerDeadline) }
  case .CONNECTION_NOTIFY_CLOSED:
    guard let pointer = context.pointee else { return }
    let closed = Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue()
    roost_unwatch(closed.descriptor)
    server.connections.remove(closed)
    context.pointee = nil
  @unknown default: break
  }
}

private func connection(of handle: OpaquePointer?) -> Connection? {
  guard let info = roost_context_info(handle), let pointer = info.pointee.socket_context else {
    return nil
  }
  return Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
}

/// The request line is complete: now the deadline of the headers starts, also for a request that arrived together with
/// the previous body.
private func began(_ me: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ handle: OpaquePointer?) -> UnsafeMutableRawPointer? {
  guard let server = server(me), let target else { return nil }
  if let connection = connection(of: handle) { connection.setDeadline(after: server.options.headerDeadline) }
  // Invalid UTF-8 becomes an empty target, which is refused.
  let exchange = Exchange(target: String(validatingCString: target) ?? "")
  roost_leave_whole(handle, target)
  return Unmanaged.passRetained(exchange).toOpaque()
}

private func completed(
  _ me: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ code: MHD_RequestTerminationCode
) {
  guard let server = server(me), let context, let pointer = context.pointee else { return }
  Unmanaged<Exchange>.fromOpaque(pointer).release()
  context.pointee = nil
  if let connection = connection(of: handle) {
    // Waiting for the next request: the library closes idle connections, this closes those that send a byte now and
    // then.
    connection.setDeadline(after: server.options.idleTimeout + server.options.headerDeadline)
    connection.requestEnded()
  }
}

private func requested(
  _ me: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ url: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
  _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?,
  _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let server = server(me), let handle, let size, let context, let pointer = context.pointee, let connection = connection(of: handle)
  else { return .NO }
  let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  let call = Call(server: server, connection: connection, handle: handle, exchange: exchange)
  switch exchange.stage {
  case .target:
    return call.head(method: method.map { String(cString: $0) } ?? "")
  case .body(let body):
    if size.pointee > 0 {
      let result = call.receive(UnsafeRawBufferPointer(start: data, count: size.pointee), body)
      size.pointee = 0
      return result
    }
    return call.bodyEnded(body)
  case .answered(let response):
    return call.send(response)
  case .working, .sent:
    return .YES
  }
}

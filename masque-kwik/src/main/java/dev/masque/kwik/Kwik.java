package dev.masque.kwik;

import dev.masque.core.tls.TlsIdentity;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tech.kwik.agent15.engine.TlsClientEngine;
import tech.kwik.agent15.engine.TlsServerEngineFactory;
import tech.kwik.agent15.engine.impl.TlsServerEngineImpl;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.common.EncryptionLevel;
import tech.kwik.core.frame.PingFrame;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.frame.StopSendingFrame;
import tech.kwik.core.impl.ClientConnectionConfig;
import tech.kwik.core.impl.HandshakeState;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.core.impl.QuicConnectionImpl;
import tech.kwik.core.impl.Version;
import tech.kwik.core.log.LogProxy;
import tech.kwik.core.log.Logger;
import tech.kwik.core.send.SenderImpl;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.impl.ServerConnectionCandidate;
import tech.kwik.core.server.impl.ServerConnectorImpl;
import tech.kwik.core.stream.StreamManager;

/**
 * What of kwik 0.10.8 can only be reached by reflection, in one place. A kwik in which a name here has changed fails at the
 * first use of this class. Stateless.
 */
final class Kwik {
    private static final Method STREAM_MANAGER = method(QuicConnectionImpl.class, "getStreamManager");
    private static final Method SENDER = method(QuicConnectionImpl.class, "getSender");
    private static final Method TLS_ENGINE = method(QuicConnectionImpl.class, "getTlsEngine");
    private static final Method CLOSE_CONNECTOR = method(ServerConnectorImpl.class, "close", Duration.class);
    private static final Method SESSION_WINDOW =
            method(ClientConnectionConfig.class, "setMaxConnectionBufferSize", long.class);
    private static final Field CREDIT = field(StreamManager.class, "openBidirectionalStreams");
    private static final Field STREAMS = field(StreamManager.class, "streams");
    private static final Field LOG = field(QuicConnectionImpl.class, "log");
    private static final Field PROXIED_LOGGER = field(LogProxy.class, "proxiedLogger");
    private static final Field CLIENT_CONFIG = field(QuicClientConnectionImpl.class, "connectionProperties");
    private static final Field CONNECTOR_TIMER = field(ServerConnectorImpl.class, "sharedScheduledExecutor");
    private static final Method REMOVE_CANDIDATE =
            method(ServerConnectionCandidate.class, "removeFromConnectionRegistry");
    private static final Method CLOSE_SILENTLY =
            method(QuicConnectionImpl.class, "silentlyCloseConnection", long.class);
    private static final Field HANDSHAKE = field(QuicConnectionImpl.class, "handshakeState");
    private static final Field SENDER_THREAD = field(SenderImpl.class, "senderThread");
    private static final Field CALLBACK_THREAD = field(QuicConnectionImpl.class, "callbackThread");
    private static final Method STOP_FLOW_CONTROL =
            method("tech.kwik.core.stream.StreamOutputStreamImpl", "stopFlowControl");
    private static final Field CHAIN = field(TlsServerEngineImpl.class, "serverCertificateChain");
    private static final Field KEY = field(TlsServerEngineImpl.class, "certificatePrivateKey");
    private static final Constructor<ServerConnectorImpl> CONNECTOR = connectorConstructor();

    private Kwik() {}

    /** A new stream, or null if the peer allows none now; never blocks. */
    @Nullable static QuicStream createStream(QuicConnection connection, boolean bidirectional) {
        try {
            return streamManager(connection).createStream(bidirectional, 0, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        }
    }

    /** How many bidirectional streams the peer allows to open now. */
    static int streamCredit(QuicConnection connection) {
        return ((Semaphore) get(CREDIT, streamManager(connection))).availablePermits();
    }

    /** Asks the peer to stop. Unlike kwik's abortReading, what still arrives is to be read, so that its credit returns. */
    static void stopSending(QuicConnection connection, int stream, long code) {
        resend(connection, new StopSendingFrame(Version.getDefault(), stream, code));
    }

    private static void resend(QuicConnection connection, QuicFrame frame) {
        ((QuicConnectionImpl) connection).send(frame, lost -> resend(connection, lost), true);
    }

    static void ping(QuicConnection connection) {
        ((QuicConnectionImpl) connection)
                .send(new PingFrame(Version.getDefault()), EncryptionLevel.App, lost -> {}, true);
    }

    /** Makes kwik send what it queued for "the next packet", such as MAX_STREAMS. */
    static void flush(QuicConnection connection) {
        sender(connection).flush();
    }

    /** Whether the peer is known to have finished the handshake. */
    static boolean isConfirmed(QuicConnection connection) {
        return ((HandshakeState) get(HANDSHAKE, connection)).isConfirmed();
    }

    /** The time after which kwik probes. */
    static Duration probeTimeout(QuicConnection connection) {
        return Duration.ofMillis(sender(connection).getPto());
    }

    /** Whether something that was sent is not acknowledged yet. */
    static boolean hasInFlight(QuicConnection connection) {
        return sender(connection).getCongestionController().getBytesInFlight() > 0;
    }

    /** Whether a request stream has something to send or to receive. */
    static boolean hasRequestStreams(QuicConnection connection) {
        for (Object id : ((Map<?, ?>) get(STREAMS, streamManager(connection))).keySet()) {
            if (id instanceof Integer number && number % 4 == 0) {
                return true;
            }
        }
        return false;
    }

    /** Ends all blocking calls on the streams of a connection. */
    static void abortStreams(QuicConnection connection) {
        streamManager(connection).abortAll();
    }

    static TlsClientEngine tlsEngine(QuicClientConnectionImpl connection) {
        return (TlsClientEngine) call(TLS_ENGINE, connection);
    }

    static void sessionWindow(QuicClientConnectionImpl connection, long bytes) {
        call(SESSION_WINDOW, get(CLIENT_CONFIG, connection), bytes);
    }

    /** Gives a connection of a server a logger of its own; kwik has one for all. */
    static void logger(QuicConnection connection, Logger logger) {
        if (get(LOG, connection) instanceof LogProxy proxy) {
            try {
                PROXIED_LOGGER.set(proxy, logger);
            } catch (IllegalAccessException e) {
                throw changed(e);
            }
        }
    }

    /** Changes what a server shows, before it has answered. */
    static void identity(TlsServerEngineImpl engine, TlsIdentity identity) {
        set(CHAIN, engine, identity.chain());
        set(KEY, engine, identity.key());
    }

    /** A server connector with a TLS of ours; kwik's builder has a place for one fixed key only. */
    static ServerConnectorImpl connector(
            DatagramSocket socket, TlsServerEngineFactory tls, ServerConnectionConfig config, Logger logger) {
        try {
            return CONNECTOR.newInstance(socket, tls, List.of(QuicConnection.QuicVersion.V1), config, logger);
        } catch (ReflectiveOperationException e) {
            throw changed(e);
        }
    }

    /** Closes, and waits less than kwik's 30 seconds; kwik's timer would go on for as long. */
    static void close(ServerConnectorImpl connector, Duration atMost) {
        call(CLOSE_CONNECTOR, connector, atMost);
        ((ExecutorService) get(CONNECTOR_TIMER, connector)).shutdownNow();
    }

    /** Forgets the flow control of a stream that was reset: kwik keeps it for as long as the connection. */
    static void forgetFlowControl(QuicStream stream) {
        call(STOP_FLOW_CONTROL, stream.getOutputStream());
    }

    /** Forgets a connection of which there was no more than a first packet. */
    static void forget(ServerConnectionCandidate candidate) {
        call(REMOVE_CANDIDATE, candidate);
    }

    /** Ends a connection at once and silently. */
    static void drop(QuicConnection connection) {
        call(CLOSE_SILENTLY, connection, 0L);
    }

    static Thread senderThread(QuicConnection connection) {
        return (Thread) get(SENDER_THREAD, sender(connection));
    }

    static ExecutorService callbackThread(QuicConnection connection) {
        return (ExecutorService) get(CALLBACK_THREAD, connection);
    }

    private static StreamManager streamManager(QuicConnection connection) {
        return (StreamManager) call(STREAM_MANAGER, connection);
    }

    private static Object call(Method method, Object on, Object... arguments) {
        try {
            Object result = method.invoke(on, arguments);
            return result == null ? Void.class : result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw changed(e);
        } catch (IllegalAccessException e) {
            throw changed(e);
        }
    }

    static SenderImpl sender(QuicConnection connection) {
        return (SenderImpl) call(SENDER, connection);
    }

    static void set(Field field, Object of, Object value) {
        try {
            field.set(of, value);
        } catch (IllegalAccessException e) {
            throw changed(e);
        }
    }

    static Object get(Field field, Object of) {
        Object value = find(field, of);
        if (value == null) {
            throw new IllegalStateException("kwik has no " + field.getName());
        }
        return value;
    }

    /** What a field holds, which may be nothing. */
    @Nullable static Object find(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw changed(e);
        }
    }

    /** A field of a class that is not public. */
    static Field field(String type, String name) {
        try {
            return field(Class.forName(type), name);
        } catch (ClassNotFoundException e) {
            throw changed(e);
        }
    }

    private static Method method(String type, String name) {
        try {
            return method(Class.forName(type), name);
        } catch (ClassNotFoundException e) {
            throw changed(e);
        }
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters) {
        try {
            Method method = type.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException e) {
            throw changed(e);
        }
    }

    static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException e) {
            throw changed(e);
        }
    }

    private static Constructor<ServerConnectorImpl> connectorConstructor() {
        try {
            Constructor<ServerConnectorImpl> constructor = ServerConnectorImpl.class.getDeclaredConstructor(
                    DatagramSocket.class,
                    TlsServerEngineFactory.class,
                    List.class,
                    ServerConnectionConfig.class,
                    Logger.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException e) {
            throw changed(e);
        }
    }

    private static IllegalStateException changed(Exception e) {
        return new IllegalStateException("kwik is not the one that this was written for", e);
    }
}

package dev.masque.netty;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failed socket call means in the words of RFC 9209. Netty's native sockets carry the error number, the JDK's
 * only an exception type and the text of the system, so both are looked at. Stateless.
 */
final class SocketErrors {
    // Linux error numbers; the native transport exists on Linux only
    private static final int EPIPE = 32;
    private static final int EMSGSIZE = 90;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ENETUNREACH = 101;
    private static final int ECONNRESET = 104;
    private static final int ETIMEDOUT = 110;
    private static final int ECONNREFUSED = 111;
    private static final int EHOSTUNREACH = 113;

    private static final Pattern NUMBER = Pattern.compile("error\\(-(\\d{1,4})\\)");

    private SocketErrors() {}

    /** A failure to bind to the address that the connection shall come from. */
    static NextHopException ofBind(@Nullable Throwable cause) {
        return errno(cause) == EADDRINUSE
                ? failure(ProxyErrorType.SOURCE_ADDR_IN_USE, "source address in use", cause)
                : failure(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, "source address not available", cause);
    }

    /** A failure to connect, or an ICMP error on a connected UDP socket. */
    static NextHopException ofConnect(@Nullable Throwable cause) {
        return switch (errno(cause)) {
            case ECONNREFUSED -> failure(ProxyErrorType.CONNECTION_REFUSED, "connection refused", cause);
            case ECONNRESET -> failure(ProxyErrorType.CONNECTION_TERMINATED, "connection reset", cause);
            case ETIMEDOUT -> failure(ProxyErrorType.CONNECTION_TIMEOUT, "connection timed out", cause);
            case ENETUNREACH, EHOSTUNREACH ->
                failure(ProxyErrorType.DESTINATION_IP_UNROUTABLE, "no route to the destination", cause);
            // every port of the source address is taken: connect(2) says so in one of these two ways
            case EADDRINUSE, EADDRNOTAVAIL ->
                failure(ProxyErrorType.SOURCE_ADDR_IN_USE, "no free port on the source address", cause);
            default -> failure(ProxyErrorType.DESTINATION_UNAVAILABLE, "destination unavailable", cause);
        };
    }

    /** Whether the peer reset the connection; a write after that fails with a broken pipe. */
    static boolean isReset(Throwable cause) {
        int errno = errno(cause);
        return errno == ECONNRESET || errno == EPIPE;
    }

    /** Whether a datagram was larger than the path takes. */
    static boolean isTooLarge(Throwable cause) {
        return errno(cause) == EMSGSIZE;
    }

    /** Whether a UDP socket has become useless: nobody is there, or no way leads there. */
    static boolean isUnreachable(Throwable cause) {
        int errno = errno(cause);
        return errno == ECONNREFUSED || errno == ENETUNREACH || errno == EHOSTUNREACH;
    }

    private static NextHopException failure(ProxyErrorType type, String message, @Nullable Throwable cause) {
        return new NextHopException(type, message, cause);
    }

    private static int errno(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            int errno = errnoOf(cause);
            if (errno != 0) {
                return errno;
            }
        }
        return 0;
    }

    private static int errnoOf(Throwable cause) {
        if (cause instanceof NativeIoException io) {
            return -io.expectedErr();
        }
        if (cause instanceof ConnectTimeoutException) {
            return ETIMEDOUT;
        }
        String text = cause.getMessage() == null ? "" : cause.getMessage().toLowerCase(Locale.ROOT);
        Matcher number = NUMBER.matcher(text);
        if (number.find()) {
            return Integer.parseInt(number.group(1));
        }
        if (cause instanceof PortUnreachableException || text.contains("connection refused")) {
            return ECONNREFUSED;
        }
        if (cause instanceof NoRouteToHostException || text.contains("unreachable")) {
            return EHOSTUNREACH;
        }
        if (cause instanceof BindException) {
            return text.contains("in use") ? EADDRINUSE : EADDRNOTAVAIL;
        }
        return ofText(text);
    }

    private static int ofText(String text) {
        if (text.contains("cannot assign requested address")) {
            return EADDRNOTAVAIL;
        }
        if (text.contains("timed out")) {
            return ETIMEDOUT;
        }
        if (text.contains("message too long") || text.contains("message too large")) {
            return EMSGSIZE;
        }
        if (text.contains("broken pipe")) {
            return EPIPE;
        }
        return text.contains("reset") ? ECONNRESET : 0;
    }
}

package dev.masque.client;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import java.nio.channels.ClosedChannelException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The one place where answers and failures become exceptions. Without state. */
final class Answers {
    private static final int MAX_SECONDS_DIGITS = 9;

    /** What may have gone when the same is tried later. */
    private static final Set<ProxyErrorType> PASSING = EnumSet.of(
            ProxyErrorType.DNS_TIMEOUT,
            ProxyErrorType.DESTINATION_UNAVAILABLE,
            ProxyErrorType.CONNECTION_TIMEOUT,
            ProxyErrorType.CONNECTION_TERMINATED,
            ProxyErrorType.CONNECTION_LIMIT_REACHED,
            ProxyErrorType.CONNECTION_READ_TIMEOUT,
            ProxyErrorType.CONNECTION_WRITE_TIMEOUT,
            ProxyErrorType.HTTP_RESPONSE_TIMEOUT,
            ProxyErrorType.RATE_LIMITED,
            ProxyErrorType.SOURCE_ADDR_IN_USE,
            ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);

    /** What a proxy says of the request rather than of the target. */
    private static final Set<ProxyErrorType> OF_REQUEST = EnumSet.of(
            ProxyErrorType.HTTP_REQUEST_ERROR,
            ProxyErrorType.HTTP_REQUEST_DENIED,
            ProxyErrorType.RATE_LIMITED,
            ProxyErrorType.CONNECTION_LIMIT_REACHED,
            ProxyErrorType.PROXY_INTERNAL_ERROR,
            ProxyErrorType.PROXY_INTERNAL_RESPONSE,
            ProxyErrorType.PROXY_CONFIGURATION_ERROR);

    private Answers() {}

    /** A response that is no 2xx. The reason text is our own: what a peer writes stays out of messages. */
    static TunnelException refused(ResponseHead head, Instant now) {
        List<ProxyStatus> statuses = ProxyStatus.parse(head.fields().all(ProxyStatus.NAME));
        Optional<ProxyStatus> told =
                statuses.stream().filter(s -> s.errorToken().isPresent()).findFirst();
        ProxyErrorType error = told.flatMap(ProxyStatus::error).orElse(null);
        String rcode = told.flatMap(ProxyStatus::rcode)
                .filter(code -> code.matches("[A-Za-z0-9_-]{1,20}"))
                .orElse(null);
        Duration retryAfter = retryAfter(head.fields(), now);
        TunnelException.Detail detail = new TunnelException.Detail(head.status(), error, rcode, retryAfter, 0);
        List<String> challenges = new ArrayList<>(head.fields().all("proxy-authenticate"));
        challenges.addAll(head.fields().all("www-authenticate"));
        String reason = head.status() + (error == null ? "" : " (" + error.token() + ")");
        if (isAboutCredentials(head.status(), challenges)) {
            return new AuthenticationException(
                    "the proxy did not accept the credentials: " + reason, detail, challenges, null);
        }
        boolean target = error == null
                ? head.status() == 502 || head.status() == 504
                : !OF_REQUEST.contains(error) && head.status() / 100 != 3;
        boolean retryable = head.status() == 429
                || head.status() == 503
                || head.status() == 504
                || error != null && PASSING.contains(error);
        String message = target ? "the proxy could not reach the target: " : "the proxy refused the request: ";
        return new TunnelRefusedException(
                target ? TunnelStep.TARGET : TunnelStep.REQUEST, retryable, message + reason, detail, null);
    }

    /** Proxies also answer 403 to wrong credentials; only then do they say with it what they would take. */
    private static boolean isAboutCredentials(int status, List<String> challenges) {
        return status == 401 || status == 407 || status == 403 && !challenges.isEmpty();
    }

    /** Seconds or a date, RFC 9110, 10.2.3. */
    @Nullable private static Duration retryAfter(HeaderFields fields, Instant now) {
        String value = fields.first("retry-after");
        if (value == null) {
            return null;
        }
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return value.length() > MAX_SECONDS_DIGITS ? null : Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return date.isBefore(now) ? Duration.ZERO : Duration.between(now, date);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** A failure on the way to a response. */
    static TunnelException failed(Throwable failure) {
        if (failure instanceof TunnelException known) {
            return known;
        }
        if (failure instanceof NextHopException hop) {
            return ofProxy(hop);
        }
        if (failure instanceof UnansweredException unanswered) {
            return unanswered(unanswered);
        }
        if (failure instanceof TimeoutException) {
            return new TunnelException(
                    TunnelStep.REQUEST,
                    true,
                    "the proxy did not answer in time",
                    TunnelException.Detail.of(ProxyErrorType.HTTP_RESPONSE_TIMEOUT),
                    null);
        }
        if (failure instanceof ClosedChannelException) {
            return new TunnelException(TunnelStep.REQUEST, false, "the client is closed", failure);
        }
        return new TunnelException(
                TunnelStep.CONNECT_PROXY, true, "the proxy cannot be reached", TunnelException.Detail.NONE, failure);
    }

    private static TunnelException ofProxy(NextHopException hop) {
        if (hop instanceof ClientCertificateException certificate) {
            return ofCertificate(certificate);
        }
        TunnelStep step = switch (hop.type()) {
            case DNS_ERROR, DNS_TIMEOUT -> TunnelStep.RESOLVE_PROXY;
            case TLS_CERTIFICATE_ERROR, TLS_PROTOCOL_ERROR, TLS_ALERT_RECEIVED -> TunnelStep.TLS;
            default -> TunnelStep.CONNECT_PROXY;
        };
        String message = Objects.requireNonNullElse(hop.getMessage(), "");
        return new TunnelException(
                step,
                step != TunnelStep.TLS,
                "no session to the proxy: " + hop.type().token() + (message.isEmpty() ? "" : ", " + message),
                TunnelException.Detail.of(hop.type()),
                hop);
    }

    private static AuthenticationException ofCertificate(ClientCertificateException refusal) {
        return new AuthenticationException(
                String.valueOf(refusal.getMessage()), TunnelException.Detail.of(refusal.type()), List.of(), refusal);
    }

    private static TunnelException unanswered(UnansweredException failure) {
        if (failure.getCause() instanceof ClientCertificateException certificate) {
            return ofCertificate(certificate);
        }
        ResetReason reason = failure.reason();
        boolean retryable = reason == ResetReason.REFUSED || reason == ResetReason.SESSION_LOST;
        String message = reason == ResetReason.SESSION_LOST
                ? "the session to the proxy was lost before it answered"
                : "the proxy reset the request: " + reason;
        return new TunnelException(
                TunnelStep.REQUEST,
                retryable,
                message,
                TunnelException.Detail.of(ProxyErrorType.CONNECTION_TERMINATED),
                failure);
    }
}

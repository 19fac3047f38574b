package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.thread.Stages;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a request is not granted, and what to answer. Immutable.
 *
 * @param type the RFC 9209 error type
 * @param privacyStatus the status in {@link ResponseProfile#PRIVACY_PROXY}
 * @param rfcStatus the status in {@link ResponseProfile#RFC}
 * @param phrase our own words, for {@code Proxy-Status}
 * @param rcode what the DNS answered
 * @param fields further fields of the response
 * @param passedOn whether it is the answer of the proxy behind this one
 */
record Refusal(
        ProxyErrorType type,
        int privacyStatus,
        int rfcStatus,
        String phrase,
        Optional<String> rcode,
        HeaderFields fields,
        boolean passedOn) {

    static Refusal malformed(String phrase) {
        return request(400, phrase);
    }

    /** A request that this proxy does not serve: the client's mistake, the same in both profiles. */
    static Refusal request(int status, String phrase) {
        return of(ProxyErrorType.HTTP_REQUEST_ERROR, status, status, phrase);
    }

    static Refusal unauthenticated(boolean templated, String phrase, HeaderFields challenges) {
        return new Refusal(
                ProxyErrorType.HTTP_REQUEST_DENIED,
                403,
                templated ? 401 : 407,
                phrase,
                Optional.empty(),
                challenges,
                false);
    }

    static Refusal targetDenied() {
        return of(ProxyErrorType.HTTP_REQUEST_DENIED, 403, 403, "target is not allowed");
    }

    static Refusal addressDenied() {
        ProxyErrorType type = ProxyErrorType.DESTINATION_IP_PROHIBITED;
        return of(type, 403, type.status(), "address of the target is not allowed");
    }

    static Refusal rateLimited(Duration retryAfter) {
        return of(ProxyErrorType.RATE_LIMITED, 503, 429, "too many new tunnels").retryAfter(retryAfter);
    }

    /** Something is used up that will be free again. */
    static Refusal busy(ProxyErrorType type, String phrase) {
        return of(type, 503, 503, phrase).retryAfter(Duration.ofSeconds(1));
    }

    /** A failure of any kind, of which only what is meant for the client is kept. */
    static Refusal of(Throwable failure) {
        Throwable cause = Stages.unwrap(failure);
        if (cause instanceof RefusedException refused) {
            return refused.refusal();
        }
        if (cause instanceof NextHopException hop) {
            return ofNextHop(hop);
        }
        return of(ProxyErrorType.PROXY_INTERNAL_ERROR, 503, 500, "internal error");
    }

    private static Refusal ofNextHop(NextHopException failure) {
        ProxyErrorType type = failure.type();
        int privacy = switch (type) {
            case DESTINATION_UNAVAILABLE,
                    CONNECTION_LIMIT_REACHED,
                    SOURCE_ADDR_IN_USE,
                    SOURCE_ADDR_NOT_AVAILABLE,
                    RATE_LIMITED,
                    PROXY_INTERNAL_ERROR,
                    PROXY_CONFIGURATION_ERROR -> 503;
            case HTTP_REQUEST_DENIED, DESTINATION_IP_PROHIBITED -> 403;
            default -> 502;
        };
        Optional<String> rcode = Optional.ofNullable(failure.rcode()).filter(Refusal::isRcode);
        return new Refusal(type, privacy, type.status(), phrase(type), rcode, HeaderFields.empty(), false);
    }

    /** A tunnel that the proxy behind this one did not open, or a proxy that was not reached. */
    static Refusal ofNextProxy(NextHopException failure, Optional<NextProxyAnswer> answer) {
        if (answer.isEmpty() || answer.get().isSuccess()) {
            Refusal own = ofNextHop(failure);
            return new Refusal(
                    own.type,
                    own.privacyStatus,
                    own.rfcStatus,
                    nextProxyPhrase(own.type),
                    own.rcode,
                    own.fields,
                    false);
        }
        int status = answer.get().status();
        if (answer.get().challenged()) { // meant for this proxy, not for the client
            return of(ProxyErrorType.PROXY_CONFIGURATION_ERROR, 503, 500, "next proxy does not let this proxy in");
        }
        if (status < 500 && status != 403 && status != 429) {
            return of(ProxyErrorType.PROXY_CONFIGURATION_ERROR, 503, 500, "next proxy does not open tunnels");
        }
        int privacy = status == 403 || status == 503 ? status : status == 429 ? 503 : 502;
        int rfc = status == 403 || status == 429 || status == 503 || status == 504 ? status : 502;
        Refusal passed = new Refusal(
                failure.type(),
                privacy,
                rfc,
                "next proxy refused the tunnel",
                Optional.empty(),
                HeaderFields.empty(),
                true);
        return answer.get().retryAfter().map(passed::retryAfter).orElse(passed);
    }

    private static String nextProxyPhrase(ProxyErrorType type) {
        return switch (type) {
            case DNS_ERROR, DNS_TIMEOUT -> "name of the next proxy cannot be resolved";
            case CONNECTION_REFUSED -> "next proxy refused the connection";
            case CONNECTION_TIMEOUT, HTTP_RESPONSE_TIMEOUT -> "next proxy did not answer in time";
            case TLS_PROTOCOL_ERROR, TLS_CERTIFICATE_ERROR, TLS_ALERT_RECEIVED -> "TLS with the next proxy failed";
            default -> "next proxy cannot be reached";
        };
    }

    private static boolean isRcode(String text) {
        return text.matches("[A-Z0-9]{1,16}");
    }

    private static String phrase(ProxyErrorType type) {
        return switch (type) {
            case DNS_ERROR -> "name of the target cannot be resolved";
            case DNS_TIMEOUT -> "resolving the name of the target took too long";
            case CONNECTION_REFUSED -> "target refused the connection";
            case CONNECTION_TIMEOUT -> "target did not answer in time";
            case DESTINATION_IP_UNROUTABLE -> "no route to the target";
            case PROXY_LOOP_DETECTED -> "target is this proxy";
            case SOURCE_ADDR_IN_USE, SOURCE_ADDR_NOT_AVAILABLE -> "no source address is available";
            default -> "target cannot be reached";
        };
    }

    private static Refusal of(ProxyErrorType type, int privacyStatus, int rfcStatus, String phrase) {
        return new Refusal(type, privacyStatus, rfcStatus, phrase, Optional.empty(), HeaderFields.empty(), false);
    }

    private Refusal retryAfter(Duration delay) {
        return retryAfter(Long.toString(Math.max(1, (delay.toMillis() + 999) / 1000)));
    }

    private Refusal retryAfter(String seconds) {
        HeaderFields more = HeaderFields.builder()
                .addAll(fields)
                .add("retry-after", seconds)
                .build();
        return new Refusal(type, privacyStatus, rfcStatus, phrase, rcode, more, passedOn);
    }

    static Refusal unavailable(Duration retryAfter) {
        return of(ProxyErrorType.PROXY_INTERNAL_ERROR, 503, 503, "credentials cannot be checked now")
                .retryAfter(retryAfter);
    }

    int status(ResponseProfile profile) {
        return profile == ResponseProfile.RFC ? rfcStatus : privacyStatus;
    }
}

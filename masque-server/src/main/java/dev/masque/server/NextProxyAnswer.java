package dev.masque.server;

import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.ResponseHead;
import java.util.List;
import java.util.Optional;

/**
 * What the proxy behind this one answered to a request for a tunnel, as far as it concerns the client. Immutable.
 *
 * @param status of its response
 * @param statuses what it and those behind it say of themselves, RFC 9209
 * @param challenged whether it asked this proxy for credentials
 * @param retryAfter in how many seconds it wants to be asked again
 */
record NextProxyAnswer(int status, List<ProxyStatus> statuses, boolean challenged, Optional<String> retryAfter) {
    private static final int MAX_STATUSES = 8;
    private static final int MAX_STATUS = 512;

    static NextProxyAnswer of(ResponseHead head) {
        HeaderFields fields = head.fields();
        List<ProxyStatus> said = ProxyStatus.parse(fields.all(ProxyStatus.NAME)).stream()
                .filter(status -> status.format().length() <= MAX_STATUS)
                .limit(MAX_STATUSES)
                .toList();
        int status = head.status();
        boolean challenged = status == 401
                || status == 407
                || status == 403 && (fields.contains("proxy-authenticate") || fields.contains("www-authenticate"));
        Optional<String> retryAfter =
                Optional.ofNullable(fields.first("retry-after")).filter(value -> value.matches("[0-9]{1,6}"));
        return new NextProxyAnswer(status, said, challenged, retryAfter);
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }
}

package dev.masque.ohttp.client;

import java.net.http.HttpResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange ends with: a response, or that the gateway's clock says another time (RFC 9458, 6.5.2).
 *
 * @param response null if the clocks differ
 * @param gatewayTime null if there is a response
 */
record Answer<T>(
        @Nullable HttpResponse<T> response, @Nullable Instant gatewayTime) {}

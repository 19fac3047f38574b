package dev.masque.ohttp.gateway;

import java.time.Duration;

/**
 * An exchange that a gateway has finished. Says nothing of the request's content, and nothing of who sent it.
 *
 * @param endpoint the gateway's own name
 * @param bytesToGateway bytes of encapsulated request received
 * @param bytesToClient bytes of encapsulated response sent
 * @param gatewayStatus the status of the gateway's own response: 200 for everything that is encapsulated
 * @param duration from the request's arrival to the response's end
 */
public record GatewayEvent(
        String endpoint, long bytesToGateway, long bytesToClient, int gatewayStatus, Duration duration) {}

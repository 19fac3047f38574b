package dev.masque.ohttp.relay;

import java.time.Duration;

/**
 * An exchange that a relay has finished. Says nothing of who asked.
 *
 * @param endpoint the name of the gateway's route
 * @param bytesToGateway bytes of encapsulated request passed on
 * @param bytesToClient bytes of the answer sent
 * @param gatewayStatus the status of the gateway's answer; 0 if there was none
 * @param relayStatus the status of the relay's answer; 0 if there was none
 * @param duration from the request's arrival to the answer's end
 */
public record RelayEvent(
        String endpoint,
        long bytesToGateway,
        long bytesToClient,
        int gatewayStatus,
        int relayStatus,
        Duration duration) {}

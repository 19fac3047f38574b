package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Heads of requests and responses. */
interface HeadsContract extends Contract {
    /** Several lines of a name, an empty value, obs-text, a value as long as fields get. */
    HeaderFields FIELDS = HeaderFields.of(
            "x-first",
            "1",
            "x-twice",
            "a",
            "x-twice",
            "b, c",
            "x-empty",
            "",
            "x-text",
            "gr\u00fc\u00df\tdich",
            "x-long",
            "v".repeat(5_000),
            "x-last",
            "\"quoted; text\"");

    @Test
    default void aClassicConnectArrivesAsItWasSent() {
        RequestHead head = RequestHead.connect("target.example:443", FIELDS);
        Tunnel tunnel = loop().asked(loop().connect(), head);
        assertThat(tunnel.server().stream().request()).isEqualTo(head);
        assertThat(tunnel.client().stream().request()).isSameAs(head);
        assertThat(tunnel.server().stream().request().isConnect()).isTrue();
    }

    @Test
    default void anExtendedConnectArrivesAsItWasSent() {
        HttpSession session = loop().connect();
        assertThat(session.supportsExtendedConnect()).isTrue();
        Tunnel tunnel = loop().asked(session, Loop.CONNECT_UDP);
        assertThat(tunnel.server().stream().request()).isEqualTo(Loop.CONNECT_UDP);
        assertThat(tunnel.server().stream().request().usesCapsules()).isTrue();
    }

    @Test
    default void anOrdinaryRequestArrivesAsItWasSent() {
        RequestHead head = new RequestHead("GET", "https", "localhost", "/a/b?c=d&e", null, FIELDS);
        Tunnel tunnel = loop().asked(loop().connect(), head);
        assertThat(tunnel.server().stream().request()).isEqualTo(head);
    }

    @Test
    default void aStreamKnowsItsSession() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().asked(session, Loop.CONNECT);
        assertThat(tunnel.client().stream().session()).isSameAs(session);
        assertThat(tunnel.server().stream().session())
                .isSameAs(loop().server.sessions.get(0));
    }

    @Test
    default void aResponseArrivesAsItWasSentAlsoWhilePaused() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        ResponseHead head = new ResponseHead(200, FIELDS);
        tunnel.server().stream().respond(head);
        assertThat(tunnel.client().events().awaitResponse()).isEqualTo(head);
    }

    @Test
    default void aTunnelForDatagramsIsAnsweredWith200() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT_UDP);
        tunnel.server().stream().respond(new ResponseHead(200, HeaderFields.of("capsule-protocol", "?1", "x-a", "b")));
        ResponseHead response = tunnel.client().events().awaitResponse();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.fields().first("capsule-protocol")).isEqualTo("?1");
        assertThat(response.fields().first("x-a")).isEqualTo("b");
    }

    @Test
    default void informationalResponsesComeBeforeTheFinalOne() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        tunnel.server().respond(103, "x-hint", "1");
        tunnel.server().respond(103, "x-hint", "2");
        tunnel.server().respond(200, "x-hint", "3");
        assertThat(tunnel.client().events().awaitResponse().fields().first("x-hint"))
                .isEqualTo("3");
        assertThat(tunnel.client().events().informational())
                .extracting(head -> head.status() + " " + head.fields().first("x-hint"))
                .containsExactly("103 1", "103 2");
    }

    @Test
    default void aRefusalHasFieldsAndBytesAndEnds() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        tunnel.server().respond(407, "proxy-authenticate", "PrivateToken");
        tunnel.server().send("no entry");
        tunnel.server().stream().end();
        tunnel.client().stream().resume();
        tunnel.client().stream().end();
        tunnel.server().stream().resume();
        ResponseHead response = tunnel.client().events().awaitResponse();
        assertThat(response.status()).isEqualTo(407);
        assertThat(response.fields().first("proxy-authenticate")).isEqualTo("PrivateToken");
        assertThat(tunnel.client().awaitText(8)).isEqualTo("no entry");
        tunnel.client().events().awaitEnd();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
    }

    @Test
    default void aTunnelForDatagramsCanBeRefused() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT_UDP);
        tunnel.server().respond(403, "x-why", "policy");
        tunnel.server().stream().end();
        tunnel.client().stream().resume();
        tunnel.client().stream().end();
        tunnel.server().stream().resume();
        assertThat(tunnel.client().events().awaitResponse().status()).isEqualTo(403);
        tunnel.client().events().awaitEnd();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
        assertThat(tunnel.client().events().datagrams()).isEmpty();
    }

    @Test
    default void aBodyTravelsBothWaysAroundAnOrdinaryRequest() {
        RequestHead head = new RequestHead("POST", "https", "localhost", "/", null, HeaderFields.empty());
        Tunnel tunnel = loop().asked(loop().connect(), head).resume();
        tunnel.client().send("question");
        tunnel.client().stream().end();
        assertThat(tunnel.server().awaitText(8)).isEqualTo("question");
        tunnel.server().events().awaitEnd();
        tunnel.server().respond(201);
        tunnel.server().send("answer");
        tunnel.server().stream().end();
        assertThat(tunnel.client().events().awaitResponse().status()).isEqualTo(201);
        assertThat(tunnel.client().awaitText(6)).isEqualTo("answer");
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
    }

    @Test
    default void theAnswerAndTheEndCanComeInsideRequest() {
        loop().server.onRequest = stream -> {
            stream.respond(new ResponseHead(200, HeaderFields.of("x-at", "once")));
            stream.write(ByteBuffer.wrap(new byte[] {'h', 'i'}));
            stream.resume();
            stream.end();
            return new Recorder();
        };
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        tunnel.client().stream().resume();
        assertThat(tunnel.client().events().awaitResponse().fields().first("x-at"))
                .isEqualTo("once");
        assertThat(tunnel.client().awaitText(2)).isEqualTo("hi");
        tunnel.client().events().awaitEnd();
        tunnel.client().stream().end();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
    }

    @Test
    default void onlyAServerRespondsAndOnlyOnce() {
        Tunnel tunnel = loop().tunnel();
        ResponseHead head = new ResponseHead(200, HeaderFields.empty());
        assertThatThrownBy(() -> tunnel.client().stream().respond(head)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tunnel.server().stream().respond(head)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void onlyAClientOpens() {
        loop().connect();
        HttpSession session = Loop.await(loop().server.opened);
        assertThatThrownBy(() -> session.open(Loop.CONNECT, stream -> new Recorder()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(session.availableStreams()).isZero();
    }

    @Test
    default void aResponseOnAStreamThatWasResetIsNobodysConcern() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().asked(session, Loop.CONNECT);
        tunnel.server().stream().reset(ResetReason.CANCEL);
        tunnel.server().events().awaitClosed();
        tunnel.server().respond(200);
        tunnel.client().events().awaitClosed();
        assertThat(tunnel.client().events().isAnswered()).isFalse();
    }

    @Test
    default void tooLargeARequestNeverReachesTheHandler() {
        loop().serverLimits = loop().serverLimits.withMaxFieldSectionSize(4_096);
        Side client = loop().open(
                        loop().connect(),
                        RequestHead.connect("a.example:443", HeaderFields.of("x-large", "v".repeat(6_000))));
        client.stream().resume();
        client.stream().end();
        boolean failed = client.events().awaitClosed() != null;
        assertThat(failed || client.events().awaitResponse().status() == 431).isTrue();
        assertThat(loop().server.hasNext()).isFalse();
    }

    @Test
    default void aRequestWithinTheLimitIsTaken() {
        loop().serverLimits = loop().serverLimits.withMaxFieldSectionSize(4_096);
        RequestHead head = RequestHead.connect("a.example:443", HeaderFields.of("x-large", "v".repeat(3_500)));
        Tunnel tunnel = loop().asked(loop().connect(), head);
        assertThat(tunnel.server().stream().request()).isEqualTo(head);
    }

    @Test
    default void tooLargeAResponseEndsTheStream() {
        loop().clientLimits = loop().clientLimits.withMaxFieldSectionSize(4_096);
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        tunnel.server().respond(200, "x-large", "v".repeat(6_000));
        assertThat(tunnel.client().events().awaitClosed()).isNotNull();
        assertThat(tunnel.client().events().isAnswered()).isFalse();
        assertThat(tunnel.server().events().awaitClosed()).isNotNull();
    }

    @Test
    default void fieldsThatAreTooLargeForOneLeaveTheOtherStreamsAlone() {
        if (isHttp1()) {
            return; // one request on a connection
        }
        loop().clientLimits = loop().clientLimits.withMaxFieldSectionSize(4_096);
        HttpSession session = loop().connect();
        Tunnel good = loop().tunnel(session, Loop.CONNECT).resume();
        Tunnel bad = loop().asked(session, Loop.CONNECT);
        bad.server().respond(200, "x-large", "v".repeat(4_500));
        bad.client().events().awaitClosed();
        good.client().send("still here");
        assertThat(good.server().awaitText(10)).isEqualTo("still here");
    }
}

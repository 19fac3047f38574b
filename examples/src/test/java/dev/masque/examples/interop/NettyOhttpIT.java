package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.ohttp.client.OhttpClient;
import dev.masque.server.MasqueServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Netty's codec for Oblivious HTTP on BoringSSL: as a client of our relay and gateway, and as the gateway behind our relay. */
class NettyOhttpIT extends Interop {
    private OhttpServers servers;

    @SuppressWarnings("NullAway.Init") // start()
    NettyOhttpIT() {}

    @BeforeAll
    void start() throws Exception {
        servers = new OhttpServers(authority);
    }

    @AfterAll
    void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AES_GCM128, plain, 40000",
        "AES_GCM128, chunked, 200000",
        "AES_GCM256, chunked, 1",
        "CHACHA20_POLY1305, plain, 0",
        "CHACHA20_POLY1305, chunked, 40000"
    })
    void itsClientIsAnsweredByOurGatewayThroughOurRelay(String aead, String form, int size) throws Exception {
        Peer.Result result = Peer.run(Peers.nettyOhttp(
                "client",
                aead,
                form,
                servers.relay().toString(),
                authority.authority(),
                servers.keysFile(folder).toString(),
                OhttpServers.APPLICATION.toString(),
                Integer.toString(size)));

        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += i * 31 & 0xff;
        }
        assertThat(result.ok().output().strip())
                .isEqualTo("status 201 x-from=netty x-asked=POST /echo?x=1 length " + size + " sum " + sum);
    }

    @ParameterizedTest
    @CsvSource({"AES_GCM128", "AES_GCM256", "CHACHA20_POLY1305"})
    void itsGatewayAnswersOurClientThroughOurRelay(String aead) throws Exception {
        byte[] content = new byte[100_000];
        Arrays.fill(content, (byte) 'x');
        try (Peer gateway = Peer.start(Peers.nettyOhttp("gateway", aead));
                MasqueServer relay = servers.relayTo(URI.create("http://127.0.0.1:" + gateway.port() + "/gateway"))) {
            for (boolean chunked : new boolean[] {false, true}) {
                OhttpClient client = OhttpClient.builder()
                        .httpClient(servers.http(HttpClient.Version.HTTP_2))
                        .relay(URI.create("https://localhost:" + relay.port() + "/relay"))
                        .keys(URI.create("http://127.0.0.1:" + gateway.port() + "/ohttp-keys"))
                        .chunked(chunked)
                        .build();

                HttpResponse<byte[]> response = client.send(
                        HttpRequest.newBuilder(OhttpServers.APPLICATION)
                                .header("X-From", "us")
                                .POST(BodyPublishers.ofByteArray(content))
                                .build(),
                        BodyHandlers.ofByteArray());

                assertThat(response.statusCode()).isEqualTo(201);
                assertThat(response.headers().firstValue("x-asked")).contains("POST /echo?x=1");
                assertThat(response.headers().firstValue("x-from")).contains("us");
                assertThat(response.body()).as("chunked: " + chunked).isEqualTo(content);
            }
        }
    }
}

package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.masque.client.event.TunnelKind;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuilderTest {
    private static Optional<String> value(Credentials credentials) throws IOException {
        return credentials.authorization(
                new CredentialsRequest(TunnelKind.TCP, Target.of("proxy.example", 443), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy.example",
                "https://proxy.example/",
                "https://proxy.example:8443",
                "https://[2001:db8::1]:8443",
                "https://192.0.2.1",
                "HTTPS://Proxy.Example",
                "https://proxy.example/masque{?target_host,target_port}",
                "https://proxy.example{/target_host,target_port}",
                "https://proxy.example:99/masque?h={target_host}&p={target_port}"
            })
    void takesAProxy(String proxy) {
        assertThatCode(() -> MasqueClient.builder().proxy(proxy)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "http://proxy.example",
                "http://proxy.example/{target_host}/{target_port}/",
                "https://proxy.example/masque",
                "https://proxy.example?a=b",
                "https://proxy.example#a",
                "https://user:pw@proxy.example",
                "https://proxy.example:0",
                "https://proxy.example:99999",
                "https:///",
                "https://",
                "",
                "https://proxy.example\r\nX: y",
                "https://proxy.example/{target_host}/",
                "https://proxy.example/{target_host}/{target_port}/{ipproto}/",
                "/masque/{target_host}/{target_port}/",
                "https://{target_host}:{target_port}/"
            })
    void refusesWhatIsNoProxy(String proxy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasqueClient.builder().proxy(proxy));
    }

    @Test
    void needsAProxy() {
        assertThatIllegalStateException()
                .isThrownBy(() -> MasqueClient.builder().build());
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        MasqueClientBuilder builder = MasqueClient.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.idleTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.headStart(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(builder::versions);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.versions(HttpVersion.HTTP_2, HttpVersion.HTTP_2));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.field("x-a", "b\r\nc"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.field("x a", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.field("Proxy-Authorization", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientLimits.defaults().withSessions(0, 1));
    }

    @Test
    void writesTheCredentialsOfEachScheme() throws Exception {
        assertThat(value(Credentials.none())).isEmpty();
        assertThat(value(Credentials.preshared("k3y"))).contains("Preshared k3y");
        assertThat(value(Credentials.bearer("t0ken"))).contains("Bearer t0ken");
        assertThat(value(Credentials.basic("Aladdin", "open sesame"))).contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(value(Credentials.basic("test", "123£"))).contains("Basic dGVzdDoxMjPCow=="); // RFC 7617, 2.1
    }

    @Test
    void credentialsShowNothing() {
        assertThat(Credentials.preshared("k3y")).hasToString("preshared");
        assertThat(Credentials.bearer("t0ken")).hasToString("bearer");
        assertThat(Credentials.basic("user", "pass")).hasToString("basic");
    }

    @Test
    void refusesCredentialsThatNoFieldCanHold() {
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.preshared("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.preshared(""));
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.bearer("a\r\nb"));
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.basic("a:b", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.basic("a", "c\n"));
    }
}

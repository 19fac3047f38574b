package dev.masque.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UdpTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "/.well-known/masque/udp/{target_host}/{target_port}/, example.com, 443",
        "/.well-known/masque/udp/{target_host}/{target_port}/, 2001:db8::42, 65535",
        "https://proxy.example.org:4443/masque?h={target_host}&p={target_port}, 192.0.2.6, 1",
        "'https://proxy.example.org:4443/masque{?target_host,target_port}', ::1, 53",
        "'https://proxy.example.org{/target_host,target_port}', example.com, 443",
        "'/a{;target_port,target_host}/b', example.com, 443",
        "'/a/{target_host}{?target_port}', example.com, 443",
    })
    void matchesWhatItExpands(String template, String host, int port) throws Exception {
        UdpTemplate parsed = UdpTemplate.parse(template);
        Target target = Target.of(host, port);

        String path = parsed.expand(target);

        assertThat(path).startsWith("/").doesNotContain("::");
        assertThat(parsed.match(path)).contains(target);
    }

    @Test
    void encodesTheColonsOfIpv6() {
        assertThat(UdpTemplate.DEFAULT.expand(Target.of("2001:db8::42", 443)))
                .isEqualTo("/.well-known/masque/udp/2001%3Adb8%3A%3A42/443/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/.well-known/masque/ip/*/*/", "/.well-known/masque/udp/", "/x?h=a&p=1", "*"})
    void isSilentOnOtherPaths(String path) throws Exception {
        assertThat(UdpTemplate.DEFAULT.match(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/masque/udp/example.com/0/",
                "/.well-known/masque/udp/example.com/65536/",
                "/.well-known/masque/udp/example.com/+1/",
                "/.well-known/masque/udp/example.com//",
                "/.well-known/masque/udp//443/",
                "/.well-known/masque/udp/example.com/443",
                "/.well-known/masque/udp/exa%0d%0ample.com/443/",
                "/.well-known/masque/udp/exa%20mple.com/443/",
                "/.well-known/masque/udp/%5B%3A%3A1%5D/443/",
                "/.well-known/masque/udp/fe80%3A%3A1%25eth0/443/",
                "/.well-known/masque/udp/user%40example.com/443/",
                "/.well-known/masque/udp/2130706433/443/",
                "/.well-known/masque/udp/0x7f.1/443/",
                "/.well-known/masque/udp/%ff%fe/443/",
                "/.well-known/masque/udp/%zz/443/",
                "/.well-known/masque/udp/b%C3%BCcher.example/443/"
            })
    void refusesABadTarget(String path) {
        assertThatThrownBy(() -> UdpTemplate.DEFAULT.match(path)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/masque",
                "/masque/{target_host}/",
                "/masque/{target_host}/{target_port}/{other}",
                "/masque/{target_host}/{target_port}/{target_port}",
                "/masque/{target_host:3}/{target_port}",
                "/masque/{target_host*}/{target_port}",
                "/masque/{+target_host}/{target_port}",
                "/masque/{#target_host}/{target_port}",
                "/masque#{target_host}{target_port}",
                "/masque/{target_host}{target_port}",
                "/masque/{target_port}-{target_host}",
                "https://{target_host}:{target_port}/masque",
                "http://proxy.example/{target_host}/{target_port}",
                "https://user@proxy.example/{target_host}/{target_port}",
                "https://proxy.example",
                "https://proxy.example{?target_host,target_port}",
                "https://proxy.example?h={target_host}&p={target_port}",
                "masque/{target_host}/{target_port}",
                "/masqu\u00e9/{target_host}/{target_port}",
                "/mas que/{target_host}/{target_port}",
                "/masque/{target_host}/{target_port",
                ""
            })
    void refusesABadTemplateAtConfigurationTime(String template) {
        assertThatThrownBy(() -> UdpTemplate.parse(template)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.masque.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.masque.core.fields.CapsuleProtocol;
import dev.masque.core.fields.Member;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.fields.StructuredFields;
import dev.masque.core.spi.HeaderFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever text comes, a parser gives a value that it reads again, or its own refusal. Replays the corpus in the build. */
class ValuesFuzzTest {
    private static String text(byte[] data) {
        return new String(data, StandardCharsets.ISO_8859_1);
    }

    @FuzzTest
    void structuredFieldItem(byte[] data) throws MalformedException {
        Member.Item item;
        try {
            item = StructuredFields.parseItem(List.of(text(data)));
        } catch (MalformedException e) {
            return;
        }
        assertThat(StructuredFields.parseItem(List.of(StructuredFields.formatItem(item))))
                .isEqualTo(item);
    }

    @FuzzTest
    void structuredFieldList(byte[] data) throws MalformedException {
        List<Member> members;
        try {
            members = StructuredFields.parseList(List.of(text(data)));
        } catch (MalformedException e) {
            return;
        }
        if (!members.isEmpty()) {
            assertThat(StructuredFields.parseList(List.of(StructuredFields.formatList(members))))
                    .isEqualTo(members);
        }
    }

    @FuzzTest
    void structuredFieldDictionary(byte[] data) throws MalformedException {
        Map<String, Member> members;
        try {
            members = StructuredFields.parseDictionary(List.of(text(data)));
        } catch (MalformedException e) {
            return;
        }
        if (!members.isEmpty()) {
            assertThat(StructuredFields.parseDictionary(List.of(StructuredFields.formatDictionary(members))))
                    .isEqualTo(members);
        }
    }

    @FuzzTest
    void target(byte[] data) throws MalformedException {
        Target target;
        try {
            target = Target.parse(text(data));
        } catch (MalformedException e) {
            return;
        }
        assertThat(Target.parse(target.authority())).isEqualTo(target);
        assertThat(target.authority()).matches("[!-~]+");
        assertThat(target.isAddress()).isEqualTo(target.address().isPresent());
        assertThat(UdpTemplate.DEFAULT.match(UdpTemplate.DEFAULT.expand(target)))
                .contains(target);
    }

    @FuzzTest
    void udpTemplateMatch(byte[] data) throws MalformedException {
        for (String template : new String[] {
            "/.well-known/masque/udp/{target_host}/{target_port}/", "https://a.example/m{?target_host,target_port}"
        }) {
            UdpTemplate udp = UdpTemplate.parse(template);
            Optional<Target> target;
            try {
                target = udp.match(text(data));
            } catch (MalformedException e) {
                continue;
            }
            if (target.isPresent()) {
                assertThat(udp.match(udp.expand(target.get()))).isEqualTo(target);
            }
        }
    }

    @FuzzTest
    void udpTemplate(byte[] data) throws MalformedException {
        UdpTemplate template;
        try {
            template = UdpTemplate.parse(new String(data, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return;
        }
        Target target = Target.of("2001:db8::42", 443);
        assertThat(template.expand(target)).matches("/[!-~]*");
        assertThat(template.match(template.expand(target))).contains(target);
    }

    @FuzzTest
    void uriTemplate(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            String expanded = UriTemplate.parse(text).expand(Map.of("a", text, "target_host", "h", "b", ""));
            assertThat(expanded.chars()).allMatch(c -> c > ' ' && c < 0x7f);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void proxyAuthorization(byte[] data) {
        ProxyAuthorization.parse(text(data)).ifPresent(found -> {
            assertThat(found.scheme()).matches("[!-~]+").isLowerCase();
            assertThat(found.toString()).doesNotContain(" " + found.credentials() + " ");
        });
    }

    @FuzzTest
    void proxyStatus(byte[] data) {
        for (ProxyStatus status : ProxyStatus.parse(List.of(text(data)))) {
            String field = status.format();
            assertThat(field.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
            assertThat(ProxyStatus.parse(List.of(field)).get(0).format()).isEqualTo(field);
        }
    }

    @FuzzTest
    void serverTiming(byte[] data) {
        for (ServerTiming metric : ServerTiming.parse(text(data))) {
            assertThat(metric.name()).matches("[!-~]+");
        }
    }

    @FuzzTest
    void capsuleProtocol(byte[] data) {
        try {
            assertThat(CapsuleProtocol.isOn(HeaderFields.of(CapsuleProtocol.NAME, text(data))))
                    .isIn(true, false);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("field value");
        }
    }
}

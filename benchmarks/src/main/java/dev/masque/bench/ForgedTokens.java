package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.Transport;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code forged-tokens}. */
@Command(
        name = "forged-tokens",
        description =
                "requests with forged Privacy Pass tokens, as many as can be sent, against as many with a wrong key",
        mixinStandardHelpOptions = true)
final class ForgedTokens extends Benchmark {
    private static final HeaderFields WRONG_KEY =
            HeaderFields.of("proxy-authorization", "Preshared " + ProxyMain.KEY.replace('0', '1'));

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections of the flood (default: ${DEFAULT-VALUE}).")
    private int connections = 4;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Requests at once on each (default: ${DEFAULT-VALUE}).")
    private int inFlight = 32;

    @Override
    void measure(Lab lab, Report report) throws Exception {
        Targets targets = lab.targets();
        Transport transport = lab.transport(Lab.NETTY);
        IssuerKeys keys =
                lab.keep(IssuerKeys.builder().types(TokenType.BLIND_RSA).open());
        TokenKey key = keys.current(TokenType.BLIND_RSA).orElseThrow();
        Child proxy = lab.child(
                "masque",
                true,
                settings().proxyJvm(),
                ProxyMain.class,
                Lab.NETTY,
                HttpVersion.HTTP_2.name(),
                Base64.getEncoder().encodeToString(key.encoded().toArray()));
        List<ProxyClient> flood = clients(lab, transport, proxy, connections);
        List<ProxyClient> users = clients(lab, transport, proxy, 2);
        Token good = token(keys, key);
        Map<String, Supplier<HeaderFields>> floods = new LinkedHashMap<>();
        floods.put("no flood", HeaderFields::of);
        floods.put("a wrong key", () -> WRONG_KEY);
        floods.put("a forged token", () -> forged(good));
        List<Scene> scenes = new ArrayList<>();
        floods.forEach((name, fields) -> {
            Flood requests = new Flood(
                    flood, targets.address(Targets.Kind.HANG_UP), fields, name.equals("no flood") ? 0 : inFlight);
            scenes.add(new Scene(
                    name,
                    proxy,
                    requests,
                    new Users(users, targets.address(Targets.Kind.HANG_UP), () -> fields(keys, key))));
        });
        Map<Scene, Series> rates = lab.interleave("tunnels/s of others with a key", scenes, Scene::run);
        report.row(
                "flood of requests with",
                "refused/s",
                "503/s",
                "CPU us each",
                "others: tunnels/s",
                "range",
                "ratio",
                "with tokens: p50 ms",
                "p99 ms",
                "503");
        Series wrongKey = rates.getOrDefault(scenes.get(1), new Series());
        rates.forEach((scene, series) -> scene.report(report, series, wrongKey, lab.rounds()));
        Series forged = rates.getOrDefault(scenes.get(2), new Series());
        report.atLeast(
                "others' tunnels with forged tokens to those with a wrong key", forged.ratio(wrongKey), 0.5, "x");
        report.note(
                connections + " connections with " + inFlight
                        + " requests at once; others: 2 connections with 8 tunnels at once, and a tunnel with a token every 50 ms.");
        report.note("CPU us each is what the proxy used, of a flood alone.");
    }

    private static List<ProxyClient> clients(Lab lab, Transport transport, Subject proxy, int count)
            throws IOException {
        List<ProxyClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(lab.client(transport, proxy, HttpVersion.HTTP_2));
        }
        return clients;
    }

    private static HeaderFields fields(IssuerKeys keys, TokenKey key) {
        try {
            return HeaderFields.of("proxy-authorization", PrivateTokenCredentials.format(token(keys, key)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Token token(IssuerKeys keys, TokenKey key) throws GeneralSecurityException {
        var pending =
                TokenClient.request(TokenChallenge.of(TokenType.BLIND_RSA, ProxyMain.ISSUER, ProxyMain.ORIGIN), key);
        return pending.finish(TokenIssuer.of(keys).issue(pending.request()));
    }

    /** All is right about it but the signature, so that it costs as much as it can. */
    private static HeaderFields forged(Token good) {
        byte[] nonce = new byte[32];
        byte[] signature = good.authenticator().toArray();
        ThreadLocalRandom.current().nextBytes(nonce);
        System.arraycopy(nonce, 0, signature, signature.length - nonce.length, nonce.length);
        return HeaderFields.of(
                "proxy-authorization",
                PrivateTokenCredentials.format(new Token(
                        good.type(),
                        Bytes.copyOf(nonce),
                        good.challengeDigest(),
                        good.keyId(),
                        Bytes.copyOf(signature),
                        good.extensions())));
    }

    /** A flood, first alone and then beside others. */
    private record Scene(
            String name, Subject proxy, Flood flood, Users users, Series refused, Series late, Series cost) {
        Scene(String name, Subject proxy, Flood flood, Users users) {
            this(name, proxy, flood, users, new Series(), new Series(), new Series());
        }

        double run(double seconds) throws IOException {
            long before = proxy.cpu().toNanos();
            flood.start();
            Programs.pause(Duration.ofNanos((long) (seconds * 1e9 / 2)));
            flood.stop();
            long answered = Math.max(1, flood.refused() + flood.putOff());
            cost.add(flood.isNone() ? 0 : (proxy.cpu().toNanos() - before) / 1e3 / answered);
            flood.start();
            long began = System.nanoTime();
            double rate = users.run(seconds);
            double took = (System.nanoTime() - began) / 1e9;
            refused.add(flood.refused() / took);
            late.add(flood.putOff() / took);
            flood.stop();
            return rate;
        }

        void report(Report report, Series rates, Series base, int rounds) {
            for (Series series : List.of(refused, late, cost)) {
                series.keepLast(rounds);
            }
            report.row(
                    name,
                    Report.number(refused.median()),
                    Report.number(late.median()),
                    Report.number(cost.median()),
                    Report.number(rates.median()),
                    rates.range(),
                    Report.number(rates.ratio(base)),
                    Report.number(users.percentile(0.5)),
                    Report.number(users.percentile(0.99)),
                    Report.number(users.putOff()));
        }
    }
}

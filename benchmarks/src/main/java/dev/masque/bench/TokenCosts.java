package dev.masque.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;

/** {@code tokens}: what a token costs, beside those who do the same. */
@Command(
        name = "tokens",
        description = "Privacy Pass on one core, against OpenSSL and privacypass-ts: a second of processor time each",
        mixinStandardHelpOptions = true)
final class TokenCosts extends Benchmark {
    /** A ratio that is to be reached. */
    private record Goal(TokenWork work, TokenWork against, double ratio) {}

    private static final List<Goal> GOALS = List.of(
            new Goal(TokenWork.VERIFY, TokenWork.OPENSSL_VERIFY, 0.5),
            new Goal(TokenWork.VERIFY, TokenWork.PEER_VERIFY, 1.3),
            new Goal(TokenWork.SIGN, TokenWork.OPENSSL_SIGN, 0.34),
            new Goal(TokenWork.SIGN_NATIVE, TokenWork.OPENSSL_SIGN, 0.34),
            new Goal(TokenWork.ISSUE, TokenWork.PEER_ISSUE, 30));

    @Override
    void measure(Lab lab, Report report) throws Exception {
        List<TokenWork> all = new ArrayList<>(List.of(TokenWork.values()));
        RatedPeer peer = null;
        try {
            peer = lab.keep(RatedPeer.tokens());
        } catch (MissingProgramException e) {
            all.removeIf(TokenWork::isOfPeer);
            report.note("left out: privacypass-ts: " + e.getMessage());
        }
        TokenSpeeds speeds = new TokenSpeeds(peer);
        Map<TokenWork, Series> rates = lab.interleave("operations/s", all, speeds::rate);
        report.row("", "each us", "a second", "range");
        for (TokenWork work : all) {
            Series rate = of(rates, work);
            report.row(work.text(), Report.number(1e6 / rate.median()), Report.number(rate.median()), rate.range());
            report.figure(work.text(), "operations/s", work.whose(), rate);
        }
        for (Goal goal : GOALS) {
            if (rates.containsKey(goal.against)) {
                report.atLeast(
                        goal.work.text() + " against " + goal.against.text(),
                        of(rates, goal.work).ratio(of(rates, goal.against)),
                        goal.ratio,
                        "x");
            }
        }
        ratioOf(report, rates, TokenWork.VERIFY, TokenWork.JDK_VERIFY);
        ratioOf(report, rates, TokenWork.SIGN, TokenWork.JDK_SIGN);
        ratioOf(report, rates, TokenWork.SIGN, TokenWork.OPENSSL_PLAIN_SIGN);
        ratioOf(report, rates, TokenWork.ISSUE, TokenWork.OPENSSL_ECDH);
        report.note("a second of the processor time of one thread; OpenSSL: openssl speed; each token of a batch.");
    }

    private static Series of(Map<TokenWork, Series> rates, TokenWork work) {
        return Objects.requireNonNull(rates.get(work), work.text());
    }

    private static void ratioOf(Report report, Map<TokenWork, Series> rates, TokenWork work, TokenWork other) {
        report.note(work.text() + " against " + other.text() + ": "
                + Report.number(of(rates, work).ratio(of(rates, other))) + "x");
    }
}

package dev.masque.ohttp.client;

import dev.masque.ohttp.client.OhttpRequestException.Party;
import dev.masque.ohttp.exchange.Bounded;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer that is not encapsulated: read for its problem type, then an error with who is to blame. */
final class Refusal<T> implements BodySubscriber<Answer<T>> {
    private static final Pattern ERROR = Pattern.compile("; *error=([a-z_]{1,40})(?![^;, ])");

    private final ResponseInfo info;
    private final Bounded body = new Bounded(Problem.LARGEST);

    Refusal(ResponseInfo info) {
        this.info = info;
    }

    @Override
    public CompletionStage<Answer<T>> getBody() {
        return body.getBody()
                .handle((content, failure) -> refused(content))
                .thenCompose(CompletableFuture::<Answer<T>>failedFuture);
    }

    private OhttpRequestException refused(Bounded.@Nullable Content content) {
        int status = info.statusCode();
        if (status == 200) {
            return new OhttpRequestException(
                    Party.RELAY, "the relay's answer is not one of Oblivious HTTP", status, null);
        }
        String problem = content == null ? null : Problem.type(new String(content.bytes(), StandardCharsets.UTF_8));
        return new OhttpRequestException(
                party(status, problem), "an answer without encapsulation: status " + status + why(), status, problem);
    }

    /** The reason that the relay gives, if it is one of RFC 9209. */
    private String why() {
        Matcher error = ERROR.matcher(String.join(", ", info.headers().allValues("proxy-status")));
        return error.find() ? " (" + error.group(1) + ")" : "";
    }

    private Party party(int status, @Nullable String problem) {
        if (Problem.KEY.equals(problem)) {
            return Party.GATEWAY;
        }
        if (status / 100 == 3 || status == 407) {
            return Party.RELAY;
        }
        List<String> proxyStatus = info.headers().allValues("proxy-status"); // RFC 9209, 2.1
        if (proxyStatus.stream().anyMatch(value -> value.contains("received-status="))) {
            return Party.GATEWAY;
        }
        return proxyStatus.stream().anyMatch(value -> value.contains("error=")) ? Party.RELAY : Party.RELAY_OR_GATEWAY;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        body.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        body.onNext(items);
    }

    @Override
    public void onError(Throwable failure) {
        body.onError(failure);
    }

    @Override
    public void onComplete() {
        body.onComplete();
    }
}

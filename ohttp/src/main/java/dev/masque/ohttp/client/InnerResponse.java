package dev.masque.ohttp.client;

import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.JavaHttp;
import dev.masque.ohttp.bhttp.MessageSink;
import dev.masque.ohttp.bhttp.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands the response under encapsulation to the caller's body handler, as fast as that asks for it. Looks itself at what may be
 * the gateway's complaint about the date, before the handler does.
 */
final class InnerResponse<T> implements MessageSink<ResponseHead> {
    private final HttpRequest request;
    private final BodyHandler<T> handler;
    private final HttpClient.Version version;
    private final boolean mayCorrect;
    private final Runnable more;
    private final Runnable stop;
    private final CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
    private @Nullable ResponseHead complaint;
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private @Nullable Outflow<List<ByteBuffer>> out;

    InnerResponse(Attempt<T> attempt, HttpClient.Version version, Runnable more, Runnable stop) {
        this.request = attempt.request();
        this.handler = attempt.handler();
        this.mayCorrect = attempt.mayCorrect();
        this.version = version;
        this.more = more;
        this.stop = stop;
    }

    CompletableFuture<Answer<T>> answer() {
        return answer;
    }

    @Override
    public void head(ResponseHead head) {
        if (mayCorrect
                && head.status() / 100 == 4
                && head.fields().first("date").isPresent()
                && head.fields()
                        .first("content-type")
                        .filter(InnerResponse::isProblem)
                        .isPresent()) {
            complaint = head;
        } else {
            begin(head);
        }
    }

    private static boolean isProblem(String contentType) {
        return contentType.split(";", 2)[0].strip().equalsIgnoreCase(Problem.MEDIA_TYPE);
    }

    private Outflow<List<ByteBuffer>> begin(ResponseHead head) {
        BodySubscriber<T> subscriber = handler.apply(JavaHttp.info(head, version));
        Outflow<List<ByteBuffer>> flow = new Outflow<>(subscriber, more, stop);
        out = flow;
        subscriber.getBody().whenComplete((body, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(CallerFailure.of(failure));
            } else {
                answer.complete(new Answer<>(JavaHttp.response(request, head, body, version), null));
            }
        });
        subscriber.onSubscribe(flow);
        return flow;
    }

    /** No complaint about the date: an answer like any other. */
    private void release(ResponseHead head) {
        complaint = null;
        Outflow<List<ByteBuffer>> flow = begin(head);
        if (complained.size() > 0) {
            flow.offer(List.of(ByteBuffer.wrap(complained.toByteArray()).asReadOnlyBuffer()));
        }
    }

    @Override
    public void content(ByteBuffer piece) {
        ResponseHead held = complaint;
        if (held != null) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            complained.writeBytes(bytes);
            if (complained.size() > Problem.LARGEST) {
                release(held);
            }
        } else if (out != null) {
            ByteBuffer copy =
                    ByteBuffer.allocate(piece.remaining()).put(piece).flip().asReadOnlyBuffer();
            out.offer(List.of(copy));
        }
    }

    @Override
    public void end(Fields trailers) {
        ResponseHead held = complaint;
        if (held != null) {
            Instant time = gatewayTime(held);
            if (time != null && Problem.DATE.equals(Problem.type(complained.toString(StandardCharsets.UTF_8)))) {
                answer.complete(new Answer<>(null, time));
                return;
            }
            release(held);
        }
        if (out != null) {
            out.end();
        }
    }

    /** Date and Age, so that a response from a cache says the time that it is now. */
    private static @Nullable Instant gatewayTime(ResponseHead head) {
        try {
            Instant date = ZonedDateTime.parse(
                            head.fields().first("date").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            String age = head.fields().first("age").orElse("0");
            return age.matches("[0-9]{1,9}") ? date.plusSeconds(Long.parseLong(age)) : date;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** What was asked for has come and was fed. */
    void received() {
        if (out != null) {
            out.received();
        } else if (!answer.isDone()) {
            more.run();
        }
    }

    void fail(Throwable cause) {
        if (out != null) {
            out.fail(cause);
        }
        answer.completeExceptionally(cause);
    }
}

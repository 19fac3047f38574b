package dev.masque.ohttp.exchange;

import java.io.IOException;

/** What a request is refused with. */
public final class StatusException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Problem problem;
    private final transient ProxyError error;

    /**
     * A refusal.
     *
     * @param status its status
     */
    public StatusException(int status) {
        this(status, Problem.NONE);
    }

    /**
     * A refusal that says more.
     *
     * @param status its status
     * @param problem what there is to say
     */
    public StatusException(int status, Problem problem) {
        this(status, problem, ProxyError.of(status));
    }

    /**
     * A refusal for a reason.
     *
     * @param status its status
     * @param error the reason
     */
    public StatusException(int status, ProxyError error) {
        this(status, Problem.NONE, error);
    }

    private StatusException(int status, Problem problem, ProxyError error) {
        super("refused with " + status);
        this.status = status;
        this.problem = problem;
        this.error = error;
    }

    /**
     * Its status.
     *
     * @return 400 to 599
     */
    public int status() {
        return status;
    }

    /**
     * What there is to say.
     *
     * @return perhaps nothing
     */
    public Problem problem() {
        return problem;
    }

    /**
     * The reason.
     *
     * @return the usual one for the status, if none was given
     */
    public ProxyError error() {
        return error;
    }
}

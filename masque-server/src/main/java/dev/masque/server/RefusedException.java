package dev.masque.server;

/** Carries a {@link Refusal} through the steps of a request. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.phrase(), null, false, false); // no stack trace: an attacker decides how often this happens
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}

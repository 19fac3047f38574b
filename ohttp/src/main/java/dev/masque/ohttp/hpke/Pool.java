package dev.masque.ohttp.hpke;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A few idle instances of something costly to make and for one thread at a time, such as a cipher. Holds no more than it has
 * slots; unlike a thread local it serves virtual threads as well. Thread-safe.
 *
 * @param <T> what is kept
 */
final class Pool<T> {
    private final AtomicReferenceArray<T> slots =
            new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());
    private final Supplier<T> factory;

    Pool(Supplier<T> factory) {
        this.factory = factory;
    }

    /** An instance for the caller alone, until it gives it back. */
    T take() {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) != null) {
                T taken = slots.getAndSet(i, null);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return factory.get();
    }

    /** Takes back an instance that is fit for another use. */
    void give(T instance) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, instance)) {
                return;
            }
        }
    }
}

package dev.masque.server.dial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that goes forward when a test says so. Thread-safe. */
public final class ManualTimer implements Timer {
    private final List<Entry> entries = new ArrayList<>();
    private long now;

    private record Entry(long due, Runnable task) {}

    @Override
    public synchronized Runnable after(Duration delay, Runnable task) {
        Entry entry = new Entry(now + delay.toNanos(), task);
        entries.add(entry);
        return () -> {
            synchronized (this) {
                entries.remove(entry);
            }
        };
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    /** Lets time pass, and runs what falls due in its order. */
    public void advance(Duration duration) {
        long until = nanoTime() + duration.toNanos();
        for (Optional<Entry> next = take(until); next.isPresent(); next = take(until)) {
            next.get().task.run();
        }
        synchronized (this) {
            now = until;
        }
    }

    private synchronized Optional<Entry> take(long until) {
        Optional<Entry> next =
                entries.stream().filter(entry -> entry.due <= until).min(Comparator.comparingLong(Entry::due));
        next.ifPresent(entry -> {
            entries.remove(entry);
            now = Math.max(now, entry.due);
        });
        return next;
    }

    /** How many tasks wait. */
    public synchronized int waiting() {
        return entries.size();
    }
}

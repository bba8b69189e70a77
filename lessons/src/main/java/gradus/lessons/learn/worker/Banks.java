package gradus.lessons.learn.worker;

import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Outcome;
import gradus.lessons.learn.grade.Bank;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// The banks of exercises, each computed when it is first needed, for a seed that nobody knows before. The
/// mistakes are compiled once.
public final class Banks {
    /// The least that an answer may take.
    private static final long LEAST_MILLIS = 4000;

    /// What an answer may take while it is not yet known how long others do.
    private static final long UNKNOWN_MILLIS = 6_000;

    /// How many times longer than the known answers another may take.
    private static final int TIMES = 20;

    private final SecureRandom random = new SecureRandom();
    private final Compiler compiler;
    private final Map<String, List<Class<?>>> mistakes = new ConcurrentHashMap<>();
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    public Banks(Compiler compiler) {
        this.compiler = compiler;
    }

    /// A bank that is there or on its way. What the right answer gives comes first: an answer that gives the same
    /// need not wait for the mistakes.
    final class Entry {
        private final long seed = random.nextLong();
        private final FutureTask<List<Outcome>> right;
        private final FutureTask<Bank> bank;
        private volatile long millis = UNKNOWN_MILLIS;

        private Entry(Exercise exercise) {
            this.right = new FutureTask<>(() -> Bank.outcomes(exercise, exercise.answer(), seed));
            this.bank = new FutureTask<>(() -> computed(exercise));
        }

        private Bank computed(Exercise exercise) throws InterruptedException {
            right.run();
            List<Class<?>> classes = mistakes.computeIfAbsent(exercise.name(), name -> {
                synchronized (compiler) {
                    return Bank.mistakes(exercise, compiler);
                }
            });
            long start = System.nanoTime();
            List<List<Outcome>> wrong = classes.stream()
                    .map(each -> Bank.outcomes(exercise, each, seed))
                    .toList();
            long each = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / Math.max(1, classes.size());
            millis = Math.max(LEAST_MILLIS, TIMES * each);
            return new Bank(exercise, seed, right(), wrong);
        }

        long seed() {
            return seed;
        }

        /// How long an answer may take.
        long millis() {
            return millis;
        }

        /// What the right answer gives.
        List<Outcome> right() throws InterruptedException {
            return got(right);
        }

        Bank get() throws InterruptedException {
            return got(bank);
        }

        private static <T> T got(FutureTask<T> task) throws InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /// The bank of an exercise; begins to compute it if nobody has.
    Entry of(Exercise exercise) {
        Entry entry = entries.computeIfAbsent(exercise.name(), name -> new Entry(exercise));
        if (!entry.bank.isDone()) {
            Thread.ofPlatform().daemon().name("bank").start(entry.bank);
        }
        return entry;
    }

    /// Computes it for another seed, so that nothing that an answer learnt of the numbers helps the next one.
    void renew(Exercise exercise) {
        Entry fresh = new Entry(exercise);
        fresh.bank.run();
        entries.put(exercise.name(), fresh);
    }
}

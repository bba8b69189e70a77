package gradus.lessons.learn.check;

import gradus.lessons.learn.compile.Compiled;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Observation;
import gradus.lessons.learn.exercise.Outcome;
import gradus.lessons.learn.exercise.Source;
import gradus.lessons.learn.exercise.Variant;
import gradus.lessons.learn.grade.Bank;
import gradus.lessons.learn.grade.Closeness;
import gradus.lessons.learn.grade.Grader;
import gradus.lessons.learn.grade.Trivial;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.guard.Scan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Proves of one exercise that its grader can be trusted: right answers pass, however they are written; the
/// stub, the trivial answers and every mistake of the bank fail; the grader calls each mistake by its name;
/// and any two answers are a hundred tolerances apart on some probe.
public final class ExerciseCheck {
    private static final int LEAST_BUGS = 3;
    private static final int LEAST_VARIANTS = 2;
    private static final int HINTS = 3;
    private static final double WEAK_TOLERANCE = 1e-2;

    private final Exercise exercise;
    private final Compiler compiler;
    private final Bank bank;
    private final Closeness closeness;
    private final Grader grader;
    private final List<String> faults = new ArrayList<>();

    private ExerciseCheck(Exercise exercise, long seed, Compiler compiler) {
        this.exercise = exercise;
        this.compiler = compiler;
        this.bank = Bank.of(exercise, seed, compiler);
        this.closeness = new Closeness(exercise.tolerance());
        this.grader = new Grader(bank);
    }

    /// @param seed    of the probes' numbers
    /// @param mutants whether to try changed answers too
    public static ExerciseReport of(Exercise exercise, long seed, boolean mutants, Compiler compiler) {
        return new ExerciseCheck(exercise, seed, compiler).run(mutants);
    }

    private ExerciseReport run(boolean mutants) {
        form();
        rulesAreKept();
        rightAnswersPass();
        stubFails();
        trivialAnswersFail();
        int named = bugsFail();
        double separation = separation();
        List<String> alive = new ArrayList<>();
        int tried = mutants ? mutants(alive) : 0;
        return new ExerciseReport(
                exercise,
                List.copyOf(faults),
                exercise.bugs().size(),
                named,
                exercise.variants().size(),
                separation,
                throughWeak(),
                tried,
                tried - alive.size(),
                List.copyOf(alive));
    }

    private void require(boolean holds, String fault, Object... values) {
        if (!holds) {
            faults.add(String.format(Locale.ROOT, fault, values));
        }
    }

    private void form() {
        require(
                exercise.bugs().size() >= LEAST_BUGS,
                "has %d mistakes, and needs 3",
                exercise.bugs().size());
        require(
                exercise.variants().size() >= LEAST_VARIANTS,
                "has %d further right answers, and needs 2",
                exercise.variants().size());
        require(
                exercise.hints().size() == HINTS,
                "has %d hints, and needs 3",
                exercise.hints().size());
        require(!exercise.reading().isBlank(), "says nowhere what to read");
        require(
                exercise.probes().size() >= 3,
                "has %d probes, and needs 3",
                exercise.probes().size());
        require(exercise.source().head().contains("///"), "has no documentation comment that says what to do");
        long sentences = exercise.bugs().stream().map(Bug::sentence).distinct().count();
        require(sentences == exercise.bugs().size(), "two mistakes have one sentence");
        for (Bug bug : exercise.bugs()) {
            require(!bug.sentence().endsWith("."), "a sentence ends with a full stop: %s", bug.sentence());
        }
        require(
                bank.right().stream().noneMatch(each -> each.failure() != null),
                "the right answer fails: %s",
                bank.right().stream()
                        .map(Outcome::failure)
                        .filter(f -> f != null)
                        .findFirst()
                        .orElse(null));
    }

    /// An answer that breaks a rule is refused before any probe: it would prove nothing of the probes, and a
    /// learner who makes the mistake would not read its sentence.
    private void rulesAreKept() {
        Source source = exercise.source();
        Map<String, String> answers = new LinkedHashMap<>();
        exercise.variants().forEach(each -> answers.put(each.name(), each.body()));
        exercise.bugs().forEach(each -> answers.put(each.sentence(), each.in(source.body())));
        Map<String, String> texts = new LinkedHashMap<>();
        for (String body : answers.values()) {
            String within = "rules" + texts.size();
            texts.put(within + "." + exercise.name(), Source.inPackage(source.with(body), within));
        }
        if (refused(texts).isEmpty()) {
            return;
        }
        answers.forEach((name, body) -> {
            String text = Source.inPackage(source.with(body), "rules");
            List<Object> why = refused(Map.of("rules." + exercise.name(), text));
            require(why.isEmpty(), "\"%s\" breaks a rule: %s", name, why);
        });
    }

    /// Why answers are refused before they run: by the rules of the exercise, or for what their code may not touch.
    private List<Object> refused(Map<String, String> texts) {
        Compiled compiled = compiler.compile(exercise, texts);
        List<Object> why = new ArrayList<>(compiled.problems());
        why.addAll(Scan.of(compiled.classes(), exercise.source().given()));
        return why;
    }

    private void rightAnswersPass() {
        List<String> bodies = new ArrayList<>(List.of(exercise.source().body()));
        exercise.variants().stream().map(Variant::body).forEach(bodies::add);
        List<Class<?>> classes = Bank.compiled(exercise, bodies, compiler);
        for (int i = 0; i < classes.size(); i++) {
            Verdict verdict = verdict(classes.get(i));
            String name = i == 0
                    ? "the right answer"
                    : "the right answer " + exercise.variants().get(i - 1).name();
            require(verdict.passed(), "%s is refused: %s %s", name, verdict.sentence(), verdict.details());
        }
    }

    private Verdict verdict(Class<?> answer) {
        return grader.verdict(Bank.outcomes(exercise, answer, bank.seed()));
    }

    private void stubFails() {
        Source source = exercise.source();
        String name = "stub." + exercise.name();
        String text = Source.inPackage(source.stub(exercise.name()), "stub");
        Compiled stub = compiler.compile(Map.of(name, text));
        require(!stub.failed(), "its stub does not compile: %s", stub.problems());
        if (!stub.failed()) {
            Verdict verdict = verdict(gradus.lessons.learn.compile.Loaded.of(name, stub.classes()));
            require(verdict.kind() == Verdict.Kind.UNWRITTEN, "its stub is not found to be one: %s", verdict);
        }
    }

    private void trivialAnswersFail() {
        for (Trivial trivial : Trivial.values()) {
            List<Optional<Outcome>> made =
                    bank.right().stream().map(trivial::of).toList();
            if (made.stream().allMatch(Optional::isEmpty)) {
                continue;
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < made.size(); i++) {
                outcomes.add(made.get(i).orElse(bank.right().get(i)));
            }
            require(!grader.verdict(outcomes).passed(), "passes where %s", trivial.sentence());
        }
    }

    private int bugsFail() {
        int named = 0;
        for (int b = 0; b < exercise.bugs().size(); b++) {
            Verdict verdict = grader.verdict(bank.wrong(b));
            String sentence = exercise.bugs().get(b).sentence();
            require(!verdict.passed(), "passes with a mistake: %s", sentence);
            if (verdict.kind() == Verdict.Kind.NAMED && verdict.sentence().equals(sentence)) {
                named++;
            } else {
                require(verdict.passed(), "calls the mistake \"%s\" otherwise: %s", sentence, verdict.sentence());
            }
        }
        return named;
    }

    /// The least distance of two answers: of the right one and a mistake, or of two mistakes.
    private double separation() {
        double least = Double.POSITIVE_INFINITY;
        for (int b = 0; b < exercise.bugs().size(); b++) {
            double apart = closeness.distance(bank.right(), bank.wrong(b));
            require(
                    apart >= Closeness.APART,
                    "is %.0f tolerances from the mistake \"%s\", and must be 100",
                    apart,
                    exercise.bugs().get(b).sentence());
            least = Math.min(least, apart);
            for (int other = 0; other < b; other++) {
                double two = closeness.distance(bank.wrong(b), bank.wrong(other));
                require(
                        two >= Closeness.APART,
                        "has two mistakes %.0f tolerances apart: \"%s\" and \"%s\"",
                        two,
                        exercise.bugs().get(b).sentence(),
                        exercise.bugs().get(other).sentence());
                least = Math.min(least, two);
            }
        }
        return least;
    }

    /// How many mistakes a test would let through that compares one result, of the last probe, within 0.01.
    private int throughWeak() {
        Outcome right = bank.right().getLast();
        int through = 0;
        for (List<Outcome> wrong : bank.wrong()) {
            Outcome one = wrong.getLast();
            boolean alike = one.failure() == null
                    && !one.seen().isEmpty()
                    && !right.seen().isEmpty()
                    && near(right.seen().getFirst(), one.seen().getFirst());
            through += alike ? 1 : 0;
        }
        return through;
    }

    private static boolean near(Observation expected, Observation actual) {
        if (expected.numbers() == null || actual.numbers() == null) {
            return expected.numbers() == actual.numbers() && expected.text().equals(actual.text());
        }
        if (expected.numbers().length != actual.numbers().length) {
            return false;
        }
        for (int i = 0; i < expected.numbers().length; i++) {
            if (!(Math.abs(expected.numbers()[i] - actual.numbers()[i]) <= WEAK_TOLERANCE)) {
                return false;
            }
        }
        return true;
    }

    private int mutants(List<String> alive) {
        String body = exercise.source().body();
        int tried = 0;
        for (String mutant : Mutants.of(body)) {
            Compiled compiled = compiler.compile(Map.of(
                    "mutant." + exercise.name(),
                    Source.inPackage(exercise.source().with(mutant), "mutant")));
            if (compiled.failed()) {
                continue;
            }
            tried++;
            Optional<Verdict> verdict = Watched.run(() ->
                    verdict(gradus.lessons.learn.compile.Loaded.of("mutant." + exercise.name(), compiled.classes())));
            if (verdict.isPresent() && verdict.get().passed()) {
                alive.add(Mutants.difference(body, mutant));
            }
        }
        return tried;
    }
}

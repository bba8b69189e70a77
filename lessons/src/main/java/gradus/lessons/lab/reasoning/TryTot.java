package gradus.lessons.lab.reasoning;
import gradus.lessons.lab.incontext.*;
import gradus.lessons.prompt.*;
import gradus.lessons.prompt.tree.*;
import gradus.tensor.random.Rng;
import gradus.tokenizer.*;
import gradus.train.*;
import java.util.*;
public final class TryTot {
    public static void main(String[] a) {
        int largest = Integer.parseInt(a[0]);
        WholeNumbers rules = new WholeNumbers();
        List<List<Integer>> puzzles = rules.puzzles(Integer.parseInt(a[6]), largest);
        System.out.println(puzzles.size() + " puzzles");
        List<List<Integer>> shuffled = new ArrayList<>(puzzles);
        Collections.shuffle(shuffled, new Random(1));
        List<List<Integer>> test = shuffled.subList(0, 60), train = shuffled.subList(60, shuffled.size());
        Pupil p = new Pupil(CharTokenizer.of("TV 0123456789+-*/=:yn\n"), new PupilSize(48, Integer.parseInt(a[1]), Integer.parseInt(a[2])), Rng.of(1));
        GameLessons l = new GameLessons(rules, train, Integer.parseInt(a[5]), Rng.of(1).at("l"));
        long t0 = System.nanoTime();
        p.learn(l::of, new Training(Integer.parseInt(a[3]), Double.parseDouble(a[4])), 1, new TrainingListener() {
            @Override public void onStep(StepReport r) { if (r.step() % 100 == 0) System.out.printf("%d %.4f %.1fs%n", r.step(), r.loss(), (System.nanoTime()-t0)/1e9); }});
        TextModel m = new Remembering(p.text());
        CompletionOptions o = new CompletionOptions(14, 1, List.of("\n"), 0);
        StateScore flat = (pr, s, st, n) -> { double[] r = new double[s.size()]; Arrays.fill(r, 1); return r; };
        StateScore random = (pr, s, st, n) -> { double[] r = new double[s.size()]; for (int i = 0; i < r.length; i++) r[i] = Rng.of(3).at(s.get(i)).uniform(0); return r; };
        StateScore value = new ValueScore(3, new CompletionOptions(1, 1, List.of("\n"), 0));
        int k = 8;
        record M(String n, java.util.function.Function<TreeProblem, Outcome> f) {}
        for (M x : List.of(
            new M("chain", g -> new BreadthFirst(new SampledThoughts(1, o.withTemperature(0)), flat, 1, Keep.greedy(), 0).solve(g, m)),
            new M("b1", g -> new BreadthFirst(new SampledThoughts(k, o), value, 1, Keep.greedy(), 0).solve(g, m)),
            new M("b3", g -> new BreadthFirst(new SampledThoughts(k, o), value, 3, Keep.greedy(), 0).solve(g, m)),
            new M("dfs", g -> new DepthFirst(new SampledThoughts(k, o), value, 0, 12).solve(g, m)),
            new M("b3 random", g -> new BreadthFirst(new SampledThoughts(k, o), random, 3, Keep.greedy(), 0).solve(g, m)),
            new M("b1 random", g -> new BreadthFirst(new SampledThoughts(k, o), random, 1, Keep.greedy(), 0).solve(g, m)),
            new M("b3 oracle", g -> new BreadthFirst(new SampledThoughts(k, o), SmallGame.oracle(), 3, Keep.greedy(), 0).solve(g, m)))) {
            long t1 = System.nanoTime(); int right = 0; long calls = 0;
            for (List<Integer> q : test) {
                String text = String.join(" ", q.stream().map(String::valueOf).toList());
                Outcome out = x.f.apply(new SmallGame(text));
                calls += out.thoughts().stream().filter(Thought::isAsked).count();
                if (out.answer().isPresent() && gradus.lessons.lab.reasoning.TryTot.is24(text, out.answer().get())) right++;
            }
            System.out.printf("%s %.2f, %.1f calls, %.1f s%n", x.n, right / (double) test.size(), calls / (double) test.size(), (System.nanoTime()-t1)/1e9);
        }
    }
    static boolean is24(String numbers, String expression) {
        return new gradus.lessons.prompt.react.tool.Calculator().use(expression).matches("24(\\.0*)?|23\\.9999999.*|24\\.00000.*");
    }
}

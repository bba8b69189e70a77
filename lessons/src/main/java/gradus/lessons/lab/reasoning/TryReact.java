package gradus.lessons.lab.reasoning;
import gradus.lessons.lab.incontext.*;
import gradus.lessons.prompt.*;
import gradus.lessons.prompt.react.tool.*;
import gradus.tensor.random.Rng;
import gradus.tokenizer.*;
import gradus.tokenizer.train.*;
import gradus.tokenizer.normalize.*;
import gradus.tokenizer.pretokenize.*;
import gradus.train.*;
import java.util.*;
import java.util.stream.*;
public final class TryReact {
    public static void main(String[] a) {
        Products q = new Products(Rng.of(1));
        String corpus = LongStream.range(0, 60).mapToObj(i -> q.lessons(i)).flatMap(List::stream).map(l -> l.prompt() + l.answer()).collect(Collectors.joining("\n"));
        Tokenizer t = new BpeTrainer(new BpeTrainerOptions(Integer.parseInt(a[5]), 0, List.of("<|endoftext|>"), new Qwen2PreTokenizer(), new NoNormalizer(), new HuggingFaceTies())).train(corpus);
        Lesson f = q.lessons(0).get(1);
        System.out.println(t.encode(f.prompt()).length + " + " + t.encode(f.answer()).length + "\n" + f + "\n" + q.lessons(1));
        Pupil p = new Pupil(t, new PupilSize(256, Integer.parseInt(a[0]), Integer.parseInt(a[1])), Rng.of(1));
        int batch = Integer.parseInt(a[4]);
        long t0 = System.nanoTime();
        TrainingListener say = new TrainingListener() {
            @Override public void onStep(StepReport r) { if (r.step() % 25 == 0) System.out.printf("%d %.4f %.1fs%n", r.step(), r.loss(), (System.nanoTime()-t0)/1e9); }};
        p.learn(step -> { List<Lesson> l = new ArrayList<>(); for (long i = (long) step * 32; l.size() < 32; i++) for (Lesson x : q.lessons(2 * i)) l.add(new Lesson(x.prompt().substring(x.prompt().indexOf("Question:")), x.answer())); return l.subList(0, 32); },
          new Training(Integer.parseInt(a[6]), Double.parseDouble(a[3])), 1, say);
        p.learn(step -> { List<Lesson> l = new ArrayList<>(); for (long i = (long) step * batch; l.size() < batch; i++) l.addAll(q.lessons(i)); return l.subList(0, batch); },
          new Training(Integer.parseInt(a[2]), Double.parseDouble(a[3])), 1, say);
        TextModel m = p.text();
        Products test = new Products(Rng.of(77));
        Rng w = Rng.of(5);
        Tool wrong = Tool.of("calculate", new Calculator().description(), s -> Long.toString(10000 + w.index(s.hashCode(), 900000)));
        for (List<Tool> tools : List.of(List.<Tool>of(new Calculator()), List.<Tool>of(), List.of(wrong))) {
            long t1 = System.nanoTime(); int right = 0;
            for (int i = 0; i < 30; i++) { Outcome o = Products.method(m, tools).ask(test.question(i).text());
                if (i < 2) o.thoughts().forEach(x -> System.out.println(x.name() + ":" + x.text()));
                if (o.answerOr("").equals(Long.toString(test.question(i).product()))) right++; }
            System.out.printf("%d tools %.2f %.1f s%n", tools.size(), right / 30.0, (System.nanoTime()-t1)/1e9);
        }
    }
}

package gradus.lessons.lab.incontext;
import gradus.tensor.random.Rng;
import java.util.List;
public final class Try {
    public static void main(String[] a) {
        MarkovPlan plan = new MarkovPlan(3, Integer.parseInt(a[0]), Integer.parseInt(a[1]), new Training(Integer.parseInt(a[2]), Double.parseDouble(a[3])), Integer.parseInt(a[4]), 128, 1);
        List<Integer> at = List.of(5,10,20,30,40,60,80,100,130,160,200,250,300,400,500,600,800,1000,1500,2000);
        for (long seed = 1; seed <= 1; seed++)
        for (int layers = 2; layers >= 1; layers--) {
            MarkovSequences s = new MarkovSequences(3, plan.length(), false);
            int[][] tests = s.draw(128, Rng.of(99));
            long t0 = System.nanoTime();
            for (var p : new MarkovTrial(plan, s, tests, Rng.of(seed)).run(layers, at)) System.out.printf("%d %s %.4f %s%n", p.step(), p.distance(), p.loss(), p.nearest());
            System.out.printf("layers %d %.1f s; Bayes %.4f unigram %.4f%n", layers, (System.nanoTime()-t0)/1e9, MarkovTrial.loss(Strategy.BIGRAM, tests, 3), MarkovTrial.loss(Strategy.UNIGRAM, tests, 3));
        }
    }
}

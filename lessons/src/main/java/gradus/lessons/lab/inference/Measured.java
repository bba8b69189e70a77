package gradus.lessons.lab.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A pass with its cost, and how long it took in each round.
final class Measured {
    private static final double ENOUGH = 1e-3; // seconds that are timed at once

    private final String group;
    private final String name;
    private final PassCost cost;
    private final Products products;
    private final Runnable pass;
    private final List<Double> seconds = new ArrayList<>();
    private int repeats;

    /// @param group of passes that belong together
    /// @param name  of the row
    /// @param products that it is made of; of 0 rows for attention alone
    Measured(String group, String name, PassCost cost, Products products, Runnable pass) {
        this.group = group;
        this.name = name;
        this.cost = cost;
        this.products = products;
        this.pass = pass;
    }

    /// Runs it for the first time, so that what only a first time costs is not timed.
    void warm() {
        pass.run();
        pass.run();
        long start = System.nanoTime();
        pass.run();
        repeats = (int) Math.max(1, ENOUGH / ((System.nanoTime() - start) * 1e-9));
    }

    /// Times it once more.
    void round() {
        seconds.add(Stopwatch.fastest(repeats, pass));
    }

    String group() {
        return group;
    }

    String name() {
        return name;
    }

    PassCost cost() {
        return cost;
    }

    /// What its products are like.
    Products products() {
        return products;
    }

    /// In one round.
    double seconds(int round) {
        return seconds.get(round);
    }

    /// The median over rounds.
    double seconds() {
        return median(seconds);
    }

    /// The middle one, or the mean of the two in the middle.
    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[half]
                : Arrays.stream(sorted, half - 1, half + 1).sum() / 2;
    }
}

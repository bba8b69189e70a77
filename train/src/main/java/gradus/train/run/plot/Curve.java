package gradus.train.run.plot;

import java.util.ArrayList;
import java.util.List;

/// The points of a curve, for a picture: all of them, or, once they are more than a picture can show, means of
/// neighbours. So a training of any length takes the memory of some ten thousand points.
public final class Curve {
    private static final int MOST = 1 << 14;

    private List<Point> points = new ArrayList<>();
    private int together = 1; // how many points became one of the list
    private double steps; // sums of those that are not enough yet for one
    private double losses;
    private int waiting;

    /// A loss at a step.
    record Point(double step, double loss) {}

    /// Adds a point; a loss that is no number has no place in a picture.
    public void add(int step, double loss) {
        if (!Double.isFinite(loss)) {
            return;
        }
        steps += step;
        losses += loss;
        waiting++;
        if (waiting == together) {
            points.add(new Point(steps / together, losses / together));
            steps = 0;
            losses = 0;
            waiting = 0;
            if (points.size() == MOST) {
                halve();
            }
        }
    }

    private void halve() {
        List<Point> half = new ArrayList<>(MOST);
        for (int i = 0; i < MOST; i += 2) {
            Point one = points.get(i);
            Point other = points.get(i + 1);
            half.add(new Point((one.step + other.step) / 2, (one.loss + other.loss) / 2));
        }
        points = half;
        together *= 2;
    }

    List<Point> points() {
        return points;
    }
}

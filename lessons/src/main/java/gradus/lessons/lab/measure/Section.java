package gradus.lessons.lab.measure;

import gradus.train.run.compare.Interval;

/// A section of a lab's report: what was expected, what came, and whether the one is the other.
public final class Section {
    private final StringBuilder text = new StringBuilder();

    /// @param title       of the section
    /// @param prediction  said before anything is measured
    public Section(String title, String prediction) {
        text.append("## ").append(title).append("\n\n**Prediction.** ");
        text.append(prediction.strip()).append("\n\n");
    }

    /// Adds a paragraph or a table.
    public Section add(String paragraph) {
        text.append(paragraph.strip()).append("\n\n");
        return this;
    }

    /// Adds what follows for a claim: it holds where all of an interval is above a bound.
    ///
    /// @param claim      such as `The tree solves more than the chain`
    /// @param difference that should exceed the bound
    /// @param bound      mostly 0
    public Section claim(String claim, Interval difference, double bound) {
        Interval over = new Interval(difference.mean() - bound, difference.half());
        return claim(claim, difference, Verdict.of(over) == Verdict.MORE);
    }

    /// Adds a claim with the number that decides it.
    public Section claim(String claim, Interval decides, boolean holds) {
        String shown = Verdict.shown(decides, 3);
        return Double.isNaN(decides.half())
                ? add("**One seed decides nothing.** " + claim + ": " + shown + ".")
                : claim(claim, shown, holds);
    }

    /// Adds a claim with what decides it, as a person reads it.
    public Section claim(String claim, String decides, boolean holds) {
        return add("**" + (holds ? "Holds" : "Does not hold here") + ".** " + claim + ": " + decides + ".");
    }

    /// Adds a negative control: it holds where its interval reaches down to 0 and stays below the effect. An
    /// interval so wide that it holds the effect too shows nothing, and nothing is decided.
    ///
    /// @param claim      what the control should not do
    /// @param difference by how much it does
    /// @param effect     what the same difference is without the control
    public Section control(String claim, Interval difference, Interval effect) {
        boolean none = difference.mean() - difference.half() <= 0;
        if (none && difference.mean() + difference.half() >= effect.mean()) {
            return add("**Nothing is decided.** Control: " + claim + ": " + Verdict.shown(difference, 3)
                    + ", which is too wide to be told from the effect, " + Verdict.shown(effect, 3) + ".");
        }
        return claim("Control: " + claim, difference, none);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package gradus.lessons.instructions;

import java.util.Arrays;

/// Which tokens of a conversation are to be learnt: those that the assistant says.
public final class AssistantLabels {
    private AssistantLabels() {}

    /// A label for each place of the row: the token itself where the assistant says it, and -100 elsewhere. The
    /// assistant says what stands **after** its marker, up to **and including** the token `end` that closes its
    /// turn. Markers, the user's turns with their `end`, and padding are not learnt. Nothing is shifted here.
    ///
    /// The row is filled up with padding from place `length` on, and the padding token **is `end`**, as in many
    /// models. The row may have been cut, so that its last turn is not closed: then no `end` of the padding
    /// closes it.
    ///
    /// Between a turn's `end` and the next marker there may be further tokens, such as a line break. Nobody says
    /// them. Any marker begins a turn, in the middle of another one too.
    ///
    /// @param ids    the row
    /// @param length how many tokens of the row are no padding
    public static int[] labels(int[] ids, int length, int user, int assistant, int end) {
        int[] labels = new int[ids.length];
        Arrays.fill(labels, -100);
        // --- your answer
        boolean speaking = false;
        for (int i = 0; i < length; i++) {
            if (ids[i] == user || ids[i] == assistant) {
                speaking = ids[i] == assistant;
            } else if (speaking) {
                labels[i] = ids[i];
                speaking = ids[i] != end;
            }
        }
        return labels;
        // ---
    }
}

package gradus.lessons.instructions;

/// A conversation as one row of tokens.
public final class ConversationIds {
    private ConversationIds() {}

    /// The row of a conversation whose turns are spoken by the user and the assistant by turns, the user
    /// first: once, at the very start, the token `begin`; then for each turn the marker of its speaker, the
    /// tokens of its text, and the token `end`, after the last turn as well.
    ///
    /// The texts come from a tokenizer that puts `begin` before everything it encodes: **every** text in `turns`
    /// has it as its first token. In the row it stands once.
    ///
    /// @param turns     the tokens of each turn's text; the text may be empty, and then `begin` is all there is
    /// @param user      the marker of the user's turns
    /// @param assistant the marker of the assistant's turns
    /// @return of no turns: `begin` alone
    public static int[] row(int[][] turns, int begin, int user, int assistant, int end) {
        // --- your answer
        int length = 1;
        for (int[] turn : turns) {
            length += turn.length + 1; // its first token falls away, marker and end come
        }
        int[] row = new int[length];
        row[0] = begin;
        int at = 1;
        for (int i = 0; i < turns.length; i++) {
            row[at++] = i % 2 == 0 ? user : assistant;
            for (int j = 1; j < turns[i].length; j++) {
                row[at++] = turns[i][j];
            }
            row[at++] = end;
        }
        return row;
        // ---
    }
}

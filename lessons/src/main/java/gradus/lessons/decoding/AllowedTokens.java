package gradus.lessons.decoding;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tokens that keep a text within a language.
public final class AllowedTokens {
    private AllowedTokens() {}

    /// Which tokens may come next, if the whole text shall be one that an automaton accepts. The automaton has
    /// read the text so far and is in a state. From state s the char c leads to the state
    /// `automaton.get(s).get(c)`, or nowhere, if that is null. From every state some text leads to an accepting
    /// one.
    ///
    /// A token is allowed if the automaton can read **all** of its chars, one after the other; the state that
    /// it is in then need not be an accepting one, as the text may go on. The empty token is the end of the
    /// text: it is allowed just in accepting states.
    ///
    /// @param automaton for each state, the chars that lead on, with the state they lead to
    /// @param accepting the states in which a text may end
    /// @param state     where the automaton is
    /// @param tokens    their texts
    /// @return for each token whether it is allowed
    public static boolean[] allowed(
            List<Map<Character, Integer>> automaton, Set<Integer> accepting, int state, List<String> tokens) {
        // --- your answer
        boolean[] allowed = new boolean[tokens.size()];
        for (int i = 0; i < allowed.length; i++) {
            String token = tokens.get(i);
            Integer now = state;
            for (int c = 0; c < token.length() && now != null; c++) {
                now = automaton.get(now).get(token.charAt(c));
            }
            allowed[i] = token.isEmpty() ? accepting.contains(state) : now != null;
        }
        return allowed;
        // ---
    }
}

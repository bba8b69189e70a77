package gradus.lessons.decoding;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

final class AllowedTokensExercise {
    private static final String READ = "now = automaton.get(now).get(token.charAt(c));";
    private static final String ALLOWED = "token.isEmpty() ? accepting.contains(state) : now != null";

    private AllowedTokensExercise() {}

    static Exercise exercise() {
        return Exercise.of(AllowedTokens.class, "The tokens that an automaton allows")
                .forbid("TokenConstraint", "Automaton", "Regex")
                .probe(
                        "no or yes, at the beginning",
                        "n, no and ye can be read from state 0; on and x cannot; the empty text is no answer",
                        t -> yesOrNo(t, 0, "n", "no", "ye", "on", "x", ""))
                .probe(
                        "no or yes, behind y",
                        "the text may go on with e and es; n begins a text, but this one has begun",
                        t -> yesOrNo(t, 2, "e", "es", "n", "s", "yes", ""))
                .probe("no or yes, at the end", "only the end may come", t -> yesOrNo(t, 4, "n", "s", "", "yes"))
                .probe(
                        "a token that begins well",
                        "nx begins with n, and nothing leads on with x",
                        t -> yesOrNo(t, 0, "nx", "yen"))
                .probe(
                        "a token that ends well",
                        "xno ends with no, and nothing leads on with x",
                        t -> yesOrNo(t, 0, "xno", "no"))
                .probe("a token with a stranger in the middle", "n-o", t -> yesOrNo(t, 0, "n-o", "yes"))
                .probe(
                        "a token that goes on behind the end",
                        "no is all: not is too long",
                        t -> yesOrNo(t, 0, "not", "no", "noon"))
                .probe(
                        "a whole number, at the beginning",
                        "a minus, digits; 007 begins with 0, behind which nothing comes",
                        t -> number(t, 0, "-", "1", "-1", "12", "0", "007", "1-", ""))
                .probe(
                        "a whole number, behind a digit",
                        "it may end here or go on",
                        t -> number(t, 2, "", "1", "00", "-", "1-"))
                .probe(
                        "a whole number, behind a minus",
                        "it may not end here, and 0 is no start",
                        t -> number(t, 1, "", "1", "0", "-", "10"))
                .probe("one char again and again", "a, b, a, b, …: aa is not allowed", t -> {
                    List<Map<Character, Integer>> automaton = List.of(arrows("a1"), arrows("b0"));
                    return t.call(automaton, Set.of(0), 0, List.of("ab", "aa", "aba", "b", "", "abab"));
                })
                .probe("no tokens", "", t -> yesOrNo(t, 0))
                .probe("a drawn automaton", "", AllowedTokensExercise::drawn)
                .bug("Only the first char of a token is read", "c < token.length()", "c < Math.min(1, token.length())")
                .bug(Bug.of("Only the last char of a token is read")
                        .replacing("token.charAt(c)", "token.charAt(token.length() - 1)")
                        .replacing("c < token.length()", "c < Math.min(1, token.length())"))
                .bug("The last char of a token is not read", "c < token.length()", "c < token.length() - 1")
                .bug(
                        "Every token is read from state 0, not from where the text is",
                        "Integer now = state;",
                        "Integer now = 0;")
                .bug(
                        "Every char is read from the state before the token: the automaton does not move",
                        READ,
                        "now = automaton.get(state).get(token.charAt(c));")
                .bug(
                        "The whole text must end with the token: tokens in the middle of a word are forbidden",
                        ALLOWED,
                        "token.isEmpty() ? accepting.contains(state) : now != null && accepting.contains(now)")
                .bug("The end of the text is always allowed", ALLOWED, "now != null")
                .bug("The end of the text is never allowed", ALLOWED, "!token.isEmpty() && now != null")
                .bug(
                        "In an accepting state only the end is allowed: a number has one digit",
                        ALLOWED,
                        "token.isEmpty() ? accepting.contains(state) : now != null && !accepting.contains(state)")
                .bug(
                        "Chars that lead nowhere are skipped",
                        READ,
                        "now = automaton.get(now).getOrDefault(token.charAt(c), now);")
                .bug(
                        "What a token holds behind an accepting state is not looked at",
                        READ,
                        "if (c > 0 && accepting.contains(now)) { break; } " + READ)
                .bug(
                        "What is allowed and what is not are exchanged",
                        "allowed[i] = " + ALLOWED,
                        "allowed[i] = !(" + ALLOWED + ")")
                .bug(
                        "A token is allowed if any of its chars can be read here",
                        ALLOWED,
                        "token.isEmpty() ? accepting.contains(state) : token.chars().anyMatch(c ->"
                                + " automaton.get(state).containsKey((char) c))")
                .variant("a method that calls itself", """
                        boolean[] allowed = new boolean[tokens.size()];
                        for (int i = 0; i < tokens.size(); i++) {
                            String token = tokens.get(i);
                            allowed[i] = token.isEmpty() && accepting.contains(state)
                                    || !token.isEmpty() && reads(automaton, state, token);
                        }
                        return allowed;
                    }

                    private static boolean reads(List<Map<Character, Integer>> automaton, int from, String rest) {
                        if (rest.isEmpty()) {
                            return true;
                        }
                        Integer to = automaton.get(from).get(rest.charAt(0));
                        return to != null && reads(automaton, to, rest.substring(1));
                        """)
                .variant("a loop that is left", """
                        boolean[] allowed = new boolean[tokens.size()];
                        int number = -1;
                        tokens:
                        for (String token : tokens) {
                            number++;
                            int at = state;
                            for (char c : token.toCharArray()) {
                                if (!automaton.get(at).containsKey(c)) {
                                    continue tokens;
                                }
                                at = automaton.get(at).get(c);
                            }
                            allowed[number] = token.length() > 0 || accepting.contains(at);
                        }
                        return allowed;
                        """)
                .hints(
                        "Where is the automaton before the first char of a token, and where after it?",
                        "Walk through the token's chars with a state of its own, beginning at state; stop where"
                                + " nothing leads on.",
                        "Integer now = state; for each char: now = automaton.get(now).get(c), until now is"
                                + " null. For the empty"
                                + " token ask accepting.contains(state).")
                .reading("The section \"Rules\" of this lesson; Willard & Louf 2023");
    }

    /// 0 -n→ 1 -o→ 4; 0 -y→ 2 -e→ 3 -s→ 4, where it may end.
    private static Object yesOrNo(Trial t, int state, String... tokens) {
        List<Map<Character, Integer>> automaton =
                List.of(arrows("n1", "y2"), arrows("o4"), arrows("e3"), arrows("s4"), arrows());
        return t.call(automaton, Set.of(4), state, List.of(tokens));
    }

    /// 0 or -?[1-9][0-9]*, with three digits for all: states 2, a number, and 3, behind 0, may be the end.
    private static Object number(Trial t, int state, String... tokens) {
        List<Map<Character, Integer>> automaton =
                List.of(arrows("-1", "03", "12", "22"), arrows("12", "22"), arrows("02", "12", "22"), arrows());
        return t.call(automaton, Set.of(2, 3), state, List.of(tokens));
    }

    /// @param all a char and the state to which it leads
    private static Map<Character, Integer> arrows(String... all) {
        return Arrays.stream(all)
                .collect(Collectors.toMap(
                        each -> each.charAt(0), each -> each.charAt(1) - '0', (x, y) -> y, TreeMap::new));
    }

    /// Five states, from each of which a leads to the next.
    private static Object drawn(Trial t) {
        int[] to = t.ints(8, 15);
        List<Map<Character, Integer>> automaton = new ArrayList<>();
        for (int s = 0; s < 5; s++) {
            Map<Character, Integer> arrows = new TreeMap<>(Map.of('a', (s + 1) % 5));
            for (int c = 0; c < 3; c++) {
                if (to[3 * s + c] < 5) {
                    arrows.put((char) ('b' + c), to[3 * s + c]);
                }
            }
            automaton.add(arrows);
        }
        List<String> tokens = new ArrayList<>(List.of(""));
        for (int i = 0; i < 12; i++) {
            tokens.add(Arrays.stream(t.ints(4, 1 + i % 4))
                    .mapToObj(c -> "" + (char) ('a' + c))
                    .collect(Collectors.joining()));
        }
        return t.call(automaton, Set.of(t.ints(5, 1)[0]), 2, tokens);
    }
}

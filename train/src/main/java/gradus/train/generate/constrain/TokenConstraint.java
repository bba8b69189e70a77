package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import gradus.tokenizer.Tokenizer;
import gradus.train.generate.Constraint;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Texts of a language only, with the tokens of any tokenizer: a token may come next if its bytes lead from the
/// state of the text so far to another from which the language can be reached. The automaton runs over bytes,
/// so a token may hold a part of a character. Which tokens lead on is computed when a state is first met, and
/// kept. Tokens that end a text may come where the text is in the language. Willard & Louf 2023, *Efficient
/// guided generation for large language models*, arXiv:2307.09702.
///
/// ```java
/// Constraint date = TokenConstraint.of(RegexSyntax.parse("[0-9]{4}-[0-9]{2}"), tokenizer, ends);
/// int[] text = new Generator(model, sampling).constrained(date).generate(prompt, 20, rng, token -> true);
/// boolean whole = date.complete(text); // false where 20 tokens were too few
/// ```
///
/// What the model would have written without the constraint plays no part: tokens that may not come are left
/// out and the probabilities of the others grow alike, so a text is not drawn from the model's distribution of
/// such texts, only from among them.
///
/// **Threads.** Any number may use one; each text has its own progress.
public final class TokenConstraint implements Constraint {
    private static final int KEPT = 1000;

    private final Automaton automaton;
    private final SortedTokens first;
    private final SortedTokens later;
    private final BitSet ends = new BitSet();
    private final boolean spellAll;
    private final Map<Integer, Boolean> live = new HashMap<>(); // whether tokens lead from a state to an end
    private final Map<List<Integer>, Step> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Integer>, Step> eldest) {
            return size() > KEPT;
        }
    };

    /// The tokens that may follow a state, and where each leads.
    private record Step(BitSet allowed, Map<Integer, Integer> states) {}

    private TokenConstraint(Regex language, SortedTokens first, SortedTokens later, Collection<Integer> ends) {
        this.automaton = new Automaton(language);
        this.first = first;
        this.later = later;
        ends.forEach(this.ends::set);
        this.spellAll = later.spellAll();
        require(
                automaton.accepts(Automaton.START)
                        || !step(Automaton.START, true).allowed.isEmpty(),
                "the tokens of this tokenizer cannot spell any text that meets what is asked");
    }

    /// For texts behind a prompt.
    ///
    /// @param ends the tokens that end a text; without one, a text goes on as long as it can
    /// @throws gradus.error.ConfigException if there is no such text, or none that the tokens can spell
    public static TokenConstraint of(Regex language, Tokenizer tokenizer, Collection<Integer> ends) {
        return of(language, tokenizer, ends, false, false);
    }

    /// @param begins       whether the first token begins the text, with no prompt before it
    /// @param spaceIsThere whether the prompt ends with the space that the first token brings along
    public static TokenConstraint of(
            Regex language, Tokenizer tokenizer, Collection<Integer> ends, boolean begins, boolean spaceIsThere) {
        SortedTokens later = SortedTokens.of(tokenizer, tokenizer::bytes);
        SortedTokens first = begins || spaceIsThere
                ? SortedTokens.of(tokenizer, id -> {
                    byte[] bytes = begins ? tokenizer.firstBytes(id) : tokenizer.bytes(id);
                    boolean leftOut = spaceIsThere && bytes.length > 0 && bytes[0] == ' ';
                    return leftOut ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
                })
                : later;
        return new TokenConstraint(language, first, later, ends);
    }

    @Override
    public Progress begin() {
        return new Written();
    }

    private final class Written implements Progress {
        private int state = Automaton.START;
        private boolean first = true;
        private boolean ended;

        @Override
        public BitSet allowed() {
            return ended ? new BitSet() : step(state, first).allowed;
        }

        @Override
        public void accept(int token) {
            BitSet allowed = allowed();
            require(allowed.get(token), "token %d may not come here", token);
            Integer next = step(state, first).states.get(token);
            ended = next == null; // one that ends a text
            state = ended ? state : next;
            first = false;
        }

        @Override
        public boolean complete() {
            return mayEnd(state);
        }
    }

    private synchronized boolean mayEnd(int state) {
        return automaton.accepts(state);
    }

    private synchronized Step step(int state, boolean isFirst) {
        return kept.computeIfAbsent(List.of(state, isFirst ? 1 : 0), key -> computed(state, isFirst ? first : later));
    }

    private Step computed(int state, SortedTokens tokens) {
        BitSet allowed = new BitSet();
        Map<Integer, Integer> states = new HashMap<>();
        tokens.from(state, automaton, (token, next) -> {
            if (!ends.get(token) && leadsOn(next)) {
                allowed.set(token);
                states.put(token, next);
            }
        });
        if (automaton.accepts(state)) {
            allowed.or(ends);
        }
        return new Step(allowed, states);
    }

    /// Whether tokens lead from a state to the end of a text. Where each byte is a token, they do. Else the
    /// states that tokens lead to are searched, and where no end is found, none of those seen leads on.
    private boolean leadsOn(int state) {
        if (spellAll) {
            return true;
        }
        Boolean known = live.get(state);
        if (known != null) {
            return known;
        }
        Map<Integer, Integer> from = new HashMap<>(); // the state before each that was seen
        from.put(state, null);
        Deque<Integer> open = new ArrayDeque<>(Set.of(state));
        while (!open.isEmpty()) {
            int each = open.pop();
            if (automaton.accepts(each) || live.get(each) == Boolean.TRUE) {
                for (Integer on = each; on != null; on = from.get(on)) {
                    live.put(on, true);
                }
                return true;
            }
            if (live.get(each) == null) {
                later.from(each, automaton, (token, next) -> {
                    if (!ends.get(token) && !from.containsKey(next)) {
                        from.put(next, each);
                        open.push(next);
                    }
                });
            }
        }
        from.keySet().forEach(each -> live.put(each, false));
        return false;
    }
}

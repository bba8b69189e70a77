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
    private static final int STATES = 25_000;

    private final Regex language;
    private final Automaton automaton;
    private final SortedTokens first;
    private final SortedTokens later;
    private final BitSet ends = new BitSet();
    private final boolean spellAll;
    private final Map<Integer, Boolean> live = new HashMap<>(); // whether tokens lead from a state to an end
    private final Map<Place, BitSet> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, BitSet> eldest) {
            return size() > KEPT;
        }
    };

    /// @param first whether the first token comes next
    private record Place(Regex state, boolean first) {}

    private TokenConstraint(Regex language, SortedTokens first, SortedTokens later, Collection<Integer> ends) {
        this.language = language;
        this.automaton = new Automaton(language);
        this.first = first;
        this.later = later;
        ends.forEach(this.ends::set);
        this.spellAll = later.spellAll(this.ends);
        require(
                language.nullable() || !step(language, true).isEmpty(),
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
        private Regex state = language;
        private boolean first = true;
        private boolean ended;

        @Override
        public BitSet allowed() {
            return ended ? new BitSet() : step(state, first);
        }

        @Override
        public void accept(int token) {
            require(allowed().get(token), "token %d may not come here", token);
            ended = ends.get(token);
            state = ended ? state : after(state, first, token);
            first = false;
        }

        @Override
        public boolean complete() {
            return state.nullable();
        }
    }

    private synchronized Regex after(Regex state, boolean isFirst, int token) {
        int next = automaton.walk(automaton.number(state), (isFirst ? first : later).bytes(token));
        return automaton.regex(next);
    }

    private synchronized BitSet step(Regex state, boolean isFirst) {
        return kept.computeIfAbsent(new Place(state, isFirst), this::computed);
    }

    /// The tokens that may follow. Where each leads is not kept: there may be 50,000, at each of a thousand
    /// states.
    private BitSet computed(Place place) {
        if (automaton.size() > STATES) {
            automaton.forget(); // a long text passes many
            live.clear();
        }
        BitSet allowed = new BitSet();
        SortedTokens tokens = place.first ? first : later;
        tokens.from(automaton.number(place.state), automaton, (token, next) -> {
            if (!ends.get(token) && leadsOn(next)) {
                allowed.set(token);
            }
        });
        if (place.state.nullable()) {
            allowed.or(ends);
        }
        return allowed;
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

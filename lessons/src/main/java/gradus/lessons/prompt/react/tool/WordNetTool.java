package gradus.lessons.prompt.react.tool;

import gradus.error.Printable;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Looks words up in WordNet: up to five meanings, each with what it is a kind of.
public final class WordNetTool implements Tool {
    private static final int MEANINGS = 5;

    private final Supplier<WordNet> source;
    private WordNet net;

    /// With the dictionary on the class path, read at the first use.
    public WordNetTool() {
        this(WordNet::read);
    }

    /// @param source called once, at the first use
    public WordNetTool(Supplier<WordNet> source) {
        this.source = source;
    }

    @Override
    public String name() {
        return "wordnet";
    }

    @Override
    public String description() {
        return "looks up what an English word means and what it is a kind of, such as wordnet[tiger]";
    }

    /// @throws gradus.error.DataException if the dictionary is not on the class path
    @Override
    public String use(String input) {
        String word = input.strip();
        List<Synset> senses = net().senses(word);
        if (senses.isEmpty()) {
            senses = net().senses(word.toLowerCase(Locale.ROOT));
        }
        if (senses.isEmpty()) {
            return "WordNet has no word " + Printable.value(word);
        }
        StringBuilder found = new StringBuilder();
        for (Synset sense : senses.stream().limit(MEANINGS).toList()) {
            found.append(sense.entry());
            List<Synset> kinds = net.hypernyms(sense);
            if (!kinds.isEmpty()) {
                found.append(" (a kind of ")
                        .append(kinds.getFirst().lemmas().getFirst())
                        .append(')');
            }
            found.append('\n');
        }
        if (senses.size() > MEANINGS) {
            found.append("and ").append(senses.size() - MEANINGS).append(" more\n");
        }
        return found.toString().strip();
    }

    private synchronized WordNet net() {
        if (net == null) {
            net = source.get();
        }
        return net;
    }
}

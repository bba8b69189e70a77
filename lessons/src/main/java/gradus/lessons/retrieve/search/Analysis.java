package gradus.lessons.retrieve.search;

import gradus.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/// How Lucene takes texts apart into terms, for our retrievers and for Lucene's own: so both compare the same.
///
/// **Threads.** Any number may use one analysis at the same time.
public final class Analysis implements Terms {
    private final String name;
    private final Analyzer analyzer;

    private Analysis(String name, Analyzer analyzer) {
        this.name = name;
        this.analyzer = analyzer;
    }

    /// Words as Unicode separates them (UAX 29), in lower case. Words of more than 255 characters are cut.
    public static Analysis standard() {
        return new Analysis("standard", new StandardAnalyzer());
    }

    /// English: the same without `'s` and 33 frequent words such as `the`, each cut to its stem by Porter's
    /// rules, so that `searching` finds `searched`.
    public static Analysis english() {
        return new Analysis("english", new EnglishAnalyzer());
    }

    /// The analysis of this name.
    ///
    /// @throws ConfigException if there is none
    public static Analysis named(String name) {
        return switch (name) {
            case "standard" -> standard();
            case "english" -> english();
            default -> throw ConfigException.of("the analysis must be standard or english; got %s", name);
        };
    }

    /// What it is called.
    public String name() {
        return name;
    }

    /// Lucene's part that does it.
    public Analyzer analyzer() {
        return analyzer;
    }

    @Override
    public List<String> of(String text) {
        List<String> terms = new ArrayList<>();
        try (TokenStream stream = analyzer.tokenStream("text", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                terms.add(term.toString());
            }
            stream.end();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a string cannot fail to be read", impossible);
        }
        return terms;
    }
}

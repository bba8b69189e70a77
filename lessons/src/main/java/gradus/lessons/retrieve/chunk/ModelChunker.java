package gradus.lessons.retrieve.chunk;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks a language model where the subject changes. It is shown the sentences with their numbers and answers
/// with ranges, `1-4`, `5-5`, `6-9`, one a line. Only numbers are taken from the answer, so a chunk is always
/// the document's own text. The answer counts if it covers **every sentence once, in order**; a long document
/// is asked for in batches of sentences, of which each must.
///
/// Otherwise the whole document goes to another chunker, and the reason is reported: models skip sentences,
/// repeat them, or write something else altogether.
///
/// @param batch    how many sentences a prompt shows
/// @param fallback who cuts where the model fails, and what it makes longer than the size
/// @param reasons  is told why the model's answer did not count
public record ModelChunker(TextModel model, int batch, RecursiveChunker fallback, Consumer<String> reasons)
        implements Chunker {
    private static final CompletionOptions ANSWER = CompletionOptions.defaults().withMaxTokens(400);
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:\\s*[-–]\\s*(\\d{1,9}))?");

    public ModelChunker {
        gradus.error.ConfigException.require(
                batch > 0, "ModelChunker: a prompt must show at least 1 sentence; got %d", batch);
    }

    /// With prompts of 40 sentences.
    public ModelChunker(TextModel model, RecursiveChunker fallback, Consumer<String> reasons) {
        this(model, 40, fallback, reasons);
    }

    @Override
    public List<Chunk> chunk(String document) {
        List<Span> sentences = Sentences.of(document);
        List<Span> groups = new ArrayList<>();
        for (int from = 0; from < sentences.size(); from += batch) {
            List<Span> shown = sentences.subList(from, Math.min(from + batch, sentences.size()));
            try {
                groups.addAll(ranges(model.complete(prompt(document, shown), ANSWER), shown));
            } catch (BadAnswer bad) {
                reasons.accept("sentences %s to %s: %s; cut by separators instead"
                        .formatted(from + 1, from + shown.size(), bad.getMessage()));
                return fallback.chunk(document);
            }
        }
        Units units = fallback.size().length().of(document);
        List<Span> chunks = new ArrayList<>();
        for (Span group : groups) {
            if (units.between(group.start(), group.end()) <= fallback.size().size()) {
                chunks.add(group);
            } else {
                chunks.addAll(fallback.spans(document, group, units));
            }
        }
        return Chunk.all(document, chunks, List.of());
    }

    /// The prompt that shows these sentences.
    static String prompt(String document, List<Span> sentences) {
        StringBuilder prompt = new StringBuilder("""
                Below are the numbered sentences of a document. Group neighbouring sentences that treat the same \
                subject. Answer with one range of numbers a line, such as 1-3, so that every sentence is in \
                exactly one range, in order. Write nothing else.

                """);
        for (int i = 0; i < sentences.size(); i++) {
            Span span = sentences.get(i);
            String text = document.substring(span.start(), span.end()).replaceAll("\\s+", " ");
            prompt.append(i + 1).append(": ").append(text).append('\n');
        }
        return prompt.append("\nRanges:\n").toString();
    }

    private static final class BadAnswer extends Exception {
        private static final long serialVersionUID = 1;

        private BadAnswer(String reason) {
            super(reason);
        }
    }

    private static List<Span> ranges(String answer, List<Span> sentences) throws BadAnswer {
        List<Span> groups = new ArrayList<>();
        int next = 1;
        for (String line : answer.split("[\\n,;]")) {
            if (line.isBlank()) {
                continue;
            }
            Matcher range = RANGE.matcher(line.strip());
            if (!range.matches()) {
                throw new BadAnswer("the model wrote \"" + line.strip() + "\", which is no range of sentences");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (first < next) {
                throw new BadAnswer("the model has sentence " + first + " twice, or out of order");
            }
            if (first > next) {
                throw new BadAnswer("the model left out sentence " + next);
            }
            if (last < first || last > sentences.size()) {
                throw new BadAnswer(
                        "the model wrote the range " + line.strip() + " of " + sentences.size() + " sentences");
            }
            groups.add(new Span(
                    sentences.get(first - 1).start(), sentences.get(last - 1).end()));
            next = last + 1;
        }
        if (next <= sentences.size()) {
            throw new BadAnswer("the model left out sentence " + next);
        }
        return groups;
    }
}

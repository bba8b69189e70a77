package gradus.lessons.retrieve.chunk;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.error.ShapeException;
import java.util.ArrayList;
import java.util.List;

/// Cuts where a model says that a new subject begins: between two sentences if its probability is greater than
/// the threshold. What is longer than the size is cut between sentences, as full as may be.
///
/// Lukasik et al. 2020, *Text segmentation by cross segment attention*, arXiv:2004.14535, cut so with a BERT
/// that reads what stands on both sides of a place.
public record BoundaryChunker(BoundaryScorer scorer, double threshold, ChunkSize size) implements Chunker {
    public BoundaryChunker {
        require(
                threshold >= 0 && threshold <= 1,
                "BoundaryChunker: the threshold must lie between 0 and 1; got %s",
                threshold);
    }

    @Override
    public List<Chunk> chunk(String document) {
        List<Span> sentences = Sentences.of(document);
        Units units = size.length().of(document);
        double[] scores = sentences.size() < 2 ? new double[0] : scores(document, sentences);
        List<Span> chunks = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < sentences.size(); i++) {
            if (i == scores.length || scores[i] > threshold) {
                chunks.addAll(Packing.pack(document, sentences.subList(first, i + 1), units, size));
                first = i + 1;
            }
        }
        return Chunk.all(document, chunks, List.of());
    }

    private double[] scores(String document, List<Span> sentences) {
        double[] scores = scorer.boundaries(sentences.stream()
                .map(each -> document.substring(each.start(), each.end()))
                .toList());
        ShapeException.require(
                scores.length == sentences.size() - 1,
                "the scorer gave %d probabilities for the places between %d sentences",
                scores.length,
                sentences.size());
        for (double score : scores) {
            if (!(score >= 0 && score <= 1)) {
                throw new NumericException("the scorer gave " + score + ", which is no probability");
            }
        }
        return scores;
    }
}

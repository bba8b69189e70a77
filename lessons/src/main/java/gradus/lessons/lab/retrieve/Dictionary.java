package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.search.Document;
import gradus.tensor.random.Rng;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What is searched: meanings, each with its words, and words alone. A part of WordNet has all that is right
/// for the questions, and others by chance.
///
/// @param meanings by id
/// @param words    by the word
/// @param texts    the text of each document
record Dictionary(List<Document> meanings, List<Document> words, Map<String, String> texts) {

    /// @param count how many meanings; 0 for all
    static Dictionary of(WordNet net, List<Question> questions, int count, Rng rng) {
        Map<String, Synset> byId = new HashMap<>();
        net.synsets().forEach(each -> byId.put(each.id(), each));
        Set<Synset> taken = new LinkedHashSet<>();
        for (Question question : questions) {
            for (String right : question.relevant()) {
                Stream<Synset> found =
                        question.asking().findsWords() ? net.senses(right).stream() : Stream.of(byId.get(right));
                found.forEach(taken::add);
            }
        }
        List<Synset> all = net.synsets();
        if (count == 0 || count >= all.size()) {
            taken.addAll(all);
        }
        for (long draw = 0; taken.size() < count && taken.size() < all.size(); draw++) {
            taken.add(all.get(rng.index(draw, all.size())));
        }
        List<Document> meanings = new ArrayList<>();
        Set<String> words = new LinkedHashSet<>();
        Map<String, String> texts = new HashMap<>();
        for (Synset synset : taken) {
            meanings.add(Document.of(synset.id(), synset.entry()));
            texts.put(synset.id(), synset.entry());
            words.addAll(synset.lemmas());
        }
        words.forEach(word -> texts.put(word, word));
        return new Dictionary(
                meanings, words.stream().map(word -> Document.of(word, word)).toList(), texts);
    }

    /// What is searched for a question.
    List<Document> documents(boolean findsWords) {
        return findsWords ? words : meanings;
    }
}

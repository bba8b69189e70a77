/// Learning from the prompt alone, measured on models that are trained here: Markov chains, linear functions,
/// pairs to be recalled, and rules that demonstrations show.
package gradus.lessons.lab.incontext;

/// The numbers of a training in a file, step by step.
package gradus.train.run.metrics;

/// `gradus sweep`: many trainings that differ in a few settings, each in a process of its own.
package gradus.train.cli.sweep;

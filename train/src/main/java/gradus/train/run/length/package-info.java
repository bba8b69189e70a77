/// Models at lengths that they were not trained on.
package gradus.train.run.length;

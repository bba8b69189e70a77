/// `gradus report`: what runs did, and what their models look like inside, on one page that needs nothing else.
package gradus.train.report;

"""The site: pages that people read, in Italian and English, beside the protocols that programs speak.

pages      what each page shows            routes    which page is where      tables      state in the URL
rendering  templates, language, numbers    assets    styles, fonts            errors      problems as pages
facts      terms with labels, sources      entities  what is said of an IRI   quads       with its graphs
home       figures and clusters            search    what bears a name        terms       of the ontology
questions  a saved query as a page         asking    what an address asks     forms       its fields
answers    rows as people read them        basis     what an answer rests on  statements  behind a number
sheet      a cluster on one page           letters   without case, accents
"""

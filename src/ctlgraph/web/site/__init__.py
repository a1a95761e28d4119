"""The site: pages that people read, in Italian and English, beside the protocols that programs speak.

entities   what the graph says of an IRI      home       figures and clusters      facts    terms with labels
pages      what each page shows               routes     which page is where       tables   state in the URL
rendering  templates, language, numbers       assets     styles, fonts         errors   problems as pages
letters    texts without case and accents
"""

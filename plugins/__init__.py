"""The methods that ship with fieldsales, one folder each. A folder is copied or deleted whole."""

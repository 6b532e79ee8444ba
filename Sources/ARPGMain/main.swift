print("arpg")
